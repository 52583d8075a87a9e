  def orthogonal(self: __torch__.Muon,
    matrix: Tensor) -> Tensor:
    tall = torch.gt(torch.size(matrix, 0), torch.size(matrix, 1))
    if tall:
      x = torch.transpose(matrix, 0, 1)
    else:
      x = matrix
    x = torch.div(x, torch.add(torch.linalg_vector_norm(x), 9.9999999999999995e-08))
    for i in range(5):
      a = torch.matmul(x, torch.transpose(x, 0, 1))
      b = torch.add(torch.mul(a, -4.7750000000000004), torch.mul(torch.matmul(a, a), 2.0314999999999999))
      x = torch.add(torch.mul(x, 3.4445000000000001), torch.matmul(b, x))
    if tall:
      result = torch.transpose(x, 0, 1)
    else:
      result = x
    return result
  def update(self: __torch__.Muon,
    rates: Tensor,
    weights: List[Tensor],
    gradients: List[Tensor],
    momenta: List[Tensor]) -> Tensor:
    torch._foreach_mul_(momenta, float(rates[1]))
    torch._foreach_add_(momenta, gradients)
    for i in range(torch.len(weights)):
      ahead = torch.add(gradients[i], torch.mul(momenta[i], float(rates[1])))
      step = (self).orthogonal(torch.flatten(ahead, 1), )
      longer = ops.prim.max(torch.size(step, 0), torch.size(step, 1))
      rate = torch.mul(float(rates[0]), torch.mul(0.20000000000000001, torch.sqrt(longer)))
      _0 = torch.sub_(weights[i], torch.mul(torch.reshape(step, torch.size(weights[i])), rate))
    torch._foreach_mul_(gradients, 0.)
    return rates
