  def norm(self: __torch__.Llama,
    x: Tensor,
    weight: Tensor,
    epsilon: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, -1)], weight, epsilon)
  def split(self: __torch__.Llama,
    x: Tensor,
    heads: int) -> Tensor:
    return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), heads, -1]), 1, 2)
  def turn(self: __torch__.Llama,
    x: Tensor,
    rotation: Tensor) -> Tensor:
    half = torch.floordiv(torch.size(x, -1), 2)
    first = torch.slice(x, -1, 0, half, 1)
    second = torch.slice(x, -1, half, torch.mul(half, 2), 1)
    turned = torch.cat([torch.neg(second), first], -1)
    return torch.add(torch.mul(x, torch.select(rotation, 0, 0)), torch.mul(turned, torch.select(rotation, 0, 1)))
  def read(self: __torch__.Llama,
    ids: Tensor,
    past: List[Tensor],
    present: List[Tensor],
    rotations: Tensor,
    shape: Tensor,
    settings: Tensor,
    weights: List[Tensor]) -> Tensor:
    layers = int(shape[0])
    heads = int(shape[1])
    shared = int(shape[2])
    epsilon = float(settings[0])
    dropout = float(settings[1])
    cached = torch.gt(torch.len(past), 0)
    x = torch.dropout(torch.embedding(weights[0], ids), dropout, True)
    before = 0
    seen = annotate(Optional[Tensor], None)
    if cached:
      before = torch.size(past[0], 2)
      reach = torch.new_ones(x, [torch.size(ids, 1), torch.add(before, torch.size(ids, 1))])
      seen = torch.gt(torch.tril(reach, before), 0)
    rotation = torch.slice(rotations, 1, before, torch.add(before, torch.size(ids, 1)), 1)
    for layer in range(layers):
      w = torch.add(torch.mul(layer, 9), 1)
      h = (self).norm(x, weights[w], epsilon, )
      q = (self).turn((self).split(torch.linear(h, weights[torch.add(w, 1)]), heads, ), rotation, )
      k = (self).turn((self).split(torch.linear(h, weights[torch.add(w, 2)]), shared, ), rotation, )
      v = (self).split(torch.linear(h, weights[torch.add(w, 3)]), shared, )
      if cached:
        k = torch.cat([past[torch.mul(layer, 2)], k], 2)
        v = torch.cat([past[torch.add(torch.mul(layer, 2), 1)], v], 2)
        _0 = torch.append(present, k)
        _1 = torch.append(present, v)
      groups = torch.floordiv(heads, shared)
      if torch.gt(groups, 1):
        keys = torch.repeat_interleave(k, groups, 1)
        values = torch.repeat_interleave(v, groups, 1)
      else:
        keys = k
        values = v
      attended = torch.scaled_dot_product_attention(q, keys, values, seen, 0., torch.__not__(cached))
      context = torch.flatten(torch.transpose(attended, 1, 2), 2, 3)
      y = torch.add(x, torch.dropout(torch.linear(context, weights[torch.add(w, 4)]), dropout, True))
      g = (self).norm(y, weights[torch.add(w, 5)], epsilon, )
      inner = torch.mul(torch.silu(torch.linear(g, weights[torch.add(w, 6)])), torch.linear(g, weights[torch.add(w, 7)]))
      x = torch.add(y, torch.dropout(torch.linear(inner, weights[torch.add(w, 8)]), dropout, True))
    return (self).norm(x, weights[torch.add(torch.mul(layers, 9), 1)], epsilon, )
  def head(self: __torch__.Llama,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    last = torch.add(torch.mul(int(shape[0]), 9), 2)
    if torch.gt(torch.len(weights), last):
      head = weights[last]
    else:
      head = weights[0]
    return head
  def logits(self: __torch__.Llama,
    ids: Tensor,
    at: Tensor,
    rotations: Tensor,
    shape: Tensor,
    settings: Tensor,
    weights: List[Tensor]) -> Tensor:
    none = annotate(List[Tensor], [])
    x = torch.flatten((self).read(ids, none, none, rotations, shape, settings, weights, ), 0, 1)
    return torch.linear(torch.index_select(x, 0, at), (self).head(shape, weights, ))
  def loss(self: __torch__.Llama,
    ids: Tensor,
    at: Tensor,
    targets: Tensor,
    rotations: Tensor,
    shape: Tensor,
    settings: Tensor,
    weights: List[Tensor]) -> Tensor:
    logits = (self).logits(ids, at, rotations, shape, settings, weights, )
    return torch.cross_entropy_loss(logits, targets, None, 1, -100, 0.)
  def leaves(self: __torch__.Llama,
    weights: List[Tensor]) -> List[Tensor]:
    leaves = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      _0 = torch.append(leaves, torch.requires_grad_(torch.detach(weights[i]), True))
    return leaves
  def slopes(self: __torch__.Llama,
    loss: Tensor,
    leaves: List[Tensor]) -> List[Tensor]:
    partial = torch.grad([loss], leaves)
    results = [torch.detach(loss)]
    for i in range(torch.len(partial)):
      _0 = torch.append(results, torch.contiguous(unchecked_cast(Tensor, partial[i])))
    return results
  def gradients(self: __torch__.Llama,
    ids: Tensor,
    at: Tensor,
    targets: Tensor,
    rotations: Tensor,
    shape: Tensor,
    settings: Tensor,
    weights: List[Tensor]) -> List[Tensor]:
    leaves = (self).leaves(weights, )
    loss = (self).loss(ids, at, targets, rotations, shape, settings, leaves, )
    return (self).slopes(loss, leaves, )
  def adapted(self: __torch__.Llama,
    places: Tensor,
    scale: float,
    weights: List[Tensor],
    adapters: List[Tensor]) -> List[Tensor]:
    working = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      _0 = torch.append(working, weights[i])
    for j in range(torch.size(places, 0)):
      place = int(places[j])
      down = adapters[torch.mul(j, 2)]
      up = adapters[torch.add(torch.mul(j, 2), 1)]
      _1 = torch._set_item(working, place, torch.add(weights[place], torch.mul(torch.matmul(up, down), scale)))
    return working
  def merged(self: __torch__.Llama,
    places: Tensor,
    settings: Tensor,
    weights: List[Tensor],
    adapters: List[Tensor]) -> List[Tensor]:
    return (self).adapted(places, float(settings[2]), weights, adapters, )
  def adapter_gradients(self: __torch__.Llama,
    ids: Tensor,
    at: Tensor,
    targets: Tensor,
    rotations: Tensor,
    shape: Tensor,
    settings: Tensor,
    places: Tensor,
    weights: List[Tensor],
    adapters: List[Tensor]) -> List[Tensor]:
    leaves = (self).leaves(adapters, )
    working = (self).adapted(places, float(settings[2]), weights, leaves, )
    loss = (self).loss(ids, at, targets, rotations, shape, settings, working, )
    return (self).slopes(loss, leaves, )
