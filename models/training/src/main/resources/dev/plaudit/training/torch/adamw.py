  def clip(self: __torch__.AdamW,
    gradients: List[Tensor],
    most: float) -> Tensor:
    norms = annotate(List[Tensor], [])
    for i in range(torch.len(gradients)):
      _0 = torch.append(norms, torch.linalg_vector_norm(gradients[i]))
    norm = torch.linalg_vector_norm(torch.stack(norms))
    if torch.gt(most, 0.):
      torch._foreach_mul_(gradients, torch.clamp(torch.div(most, torch.add(norm, 9.9999999999999995e-07)), None, 1.))
    return norm
  def update(self: __torch__.AdamW,
    step: Tensor,
    rates: Tensor,
    shrinkage: Tensor,
    weights: List[Tensor],
    gradients: List[Tensor],
    means: List[Tensor],
    variances: List[Tensor]) -> Tensor:
    norm = (self).clip(gradients, float(rates[4]), )
    torch._foreach_mul_(weights, torch.unbind(shrinkage))
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      _0 = torch.append(steps, step)
    unused = annotate(List[Tensor], [])
    torch._fused_adamw_(weights, gradients, means, variances, unused, steps, lr=float(rates[0]), beta1=float(rates[1]), beta2=float(rates[2]), weight_decay=0., eps=float(rates[3]), amsgrad=False, maximize=False)
    return norm
  def average(self: __torch__.AdamW,
    rate: Tensor,
    averages: List[Tensor],
    weights: List[Tensor]) -> Tensor:
    torch._foreach_lerp_(averages, weights, float(rate))
    return rate
