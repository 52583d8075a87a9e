  def linear(self: __torch__.Blip2,
    x: Tensor,
    weights: List[Tensor],
    at: int) -> Tensor:
    return torch.type_as(torch.linear(torch.type_as(x, weights[at]), weights[at], weights[torch.add(at, 1)]), x)
  def norm(self: __torch__.Blip2,
    x: Tensor,
    weights: List[Tensor],
    at: int,
    epsilon: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], weights[at], weights[torch.add(at, 1)], epsilon)
  def split(self: __torch__.Blip2,
    x: Tensor,
    heads: int) -> Tensor:
    return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), heads, -1]), 1, 2)
  def join(self: __torch__.Blip2,
    x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 2, 3)
  def see(self: __torch__.Blip2,
    pixels: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    layers = int(shape[0])
    heads = int(shape[1])
    patch = int(shape[2])
    batch = torch.size(pixels, 0)
    patches = torch.transpose(torch.flatten(torch.conv2d(pixels, weights[2], weights[3], [patch, patch], [0, 0], [1, 1], 1), 2, 3), 1, 2)
    first = torch.expand(weights[0], [batch, 1, -1])
    x = torch.add(torch.cat([first, patches], 1), weights[1])
    for layer in range(layers):
      w = torch.add(torch.mul(layer, 12), 4)
      fused = (self).linear((self).norm(x, weights, w, 9.9999999999999995e-07, ), weights, torch.add(w, 2), )
      parts = torch.permute(torch.reshape(fused, [batch, torch.size(x, 1), 3, heads, -1]), [2, 0, 3, 1, 4])
      q = torch.select(parts, 0, 0)
      k = torch.select(parts, 0, 1)
      v = torch.select(parts, 0, 2)
      context = (self).join(torch.scaled_dot_product_attention(q, k, v, None, 0., False), )
      y = torch.add(x, (self).linear(context, weights, torch.add(w, 4), ))
      inner = torch.gelu((self).linear((self).norm(y, weights, torch.add(w, 6), 9.9999999999999995e-07, ), weights, torch.add(w, 8), ), approximate="none")
      x = torch.add(y, (self).linear(inner, weights, torch.add(w, 10), ))
    return (self).norm(x, weights, torch.add(torch.mul(layers, 12), 4), 9.9999999999999995e-07, )
  def attend(self: __torch__.Blip2,
    x: Tensor,
    to: Tensor,
    heads: int,
    weights: List[Tensor],
    w: int) -> Tensor:
    q = (self).split((self).linear(x, weights, w, ), heads, )
    k = (self).split((self).linear(to, weights, torch.add(w, 2), ), heads, )
    v = (self).split((self).linear(to, weights, torch.add(w, 4), ), heads, )
    context = (self).join(torch.scaled_dot_product_attention(q, k, v, None, 0., False), )
    return (self).norm(torch.add((self).linear(context, weights, torch.add(w, 6), ), x), weights, torch.add(w, 8), 9.9999999999999998e-13, )
  def ask(self: __torch__.Blip2,
    seen: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    layers = int(shape[3])
    heads = int(shape[4])
    every = int(shape[5])
    queries = torch.add(torch.mul(int(shape[0]), 12), 6)
    x = (self).norm(torch.expand(weights[queries], [torch.size(seen, 0), -1, -1]), weights, torch.add(queries, 1), 9.9999999999999998e-13, )
    w = torch.add(queries, 3)
    for layer in range(layers):
      x = (self).attend(x, x, heads, weights, w, )
      w = torch.add(w, 10)
      if torch.eq(torch.remainder(layer, every), 0):
        x = (self).attend(x, seen, heads, weights, w, )
        w = torch.add(w, 10)
      else:
        w = w
      inner = torch.gelu((self).linear(x, weights, w, ), approximate="none")
      x = (self).norm(torch.add((self).linear(inner, weights, torch.add(w, 2), ), x), weights, torch.add(w, 4), 9.9999999999999998e-13, )
      w = torch.add(w, 6)
    return (self).linear(x, weights, w, )
  def speak(self: __torch__.Blip2,
    prefix: Tensor,
    ids: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    layers = int(shape[6])
    heads = int(shape[7])
    first = int(shape[8])
    queries = torch.size(prefix, 1)
    x = torch.cat([prefix, torch.embedding(weights[first], ids)], 1)
    length = torch.size(x, 1)
    x = torch.add(x, torch.slice(weights[torch.add(first, 1)], 0, 2, torch.add(length, 2), 1))
    for layer in range(layers):
      w = torch.add(torch.add(torch.mul(layer, 16), 2), first)
      h = (self).norm(x, weights, torch.add(w, 8), 1.0000000000000001e-05, )
      k = (self).split((self).linear(h, weights, w, ), heads, )
      v = (self).split((self).linear(h, weights, torch.add(w, 2), ), heads, )
      q = (self).split((self).linear(h, weights, torch.add(w, 4), ), heads, )
      context = (self).join(torch.scaled_dot_product_attention(q, k, v, None, 0., True), )
      y = torch.add(x, (self).linear(context, weights, torch.add(w, 6), ))
      inner = torch.relu((self).linear((self).norm(y, weights, torch.add(w, 14), 1.0000000000000001e-05, ), weights, torch.add(w, 10), ))
      x = torch.add(y, (self).linear(inner, weights, torch.add(w, 12), ))
    words = torch.slice(x, 1, queries, length, 1)
    normal = (self).norm(words, weights, torch.add(torch.add(torch.mul(layers, 16), 2), first), 1.0000000000000001e-05, )
    return torch.linear(normal, weights[first])
  def prefix(self: __torch__.Blip2,
    pixels: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    return (self).ask((self).see(pixels, shape, weights, ), shape, weights, )
  def loss(self: __torch__.Blip2,
    logits: Tensor,
    targets: Tensor) -> Tensor:
    return torch.cross_entropy_loss(torch.flatten(logits, 0, 1), torch.flatten(targets), None, 1, -100, 0.)
  def captioning(self: __torch__.Blip2,
    pixels: Tensor,
    ids: Tensor,
    targets: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    return (self).loss((self).speak((self).prefix(pixels, shape, weights, ), ids, shape, weights, ), targets, )
  def right(self: __torch__.Blip2,
    logits: Tensor,
    labels: Tensor) -> Tensor:
    return torch.sum(torch.eq(torch.argmax(logits, 1), labels))
  def doubt(self: __torch__.Blip2,
    logits: Tensor,
    labels: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, labels, None, 2, -100, 0.)
  def answers(self: __torch__.Blip2,
    pixels: Tensor,
    subjects: Tensor,
    colors: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    heads = torch.sub(torch.len(weights), 10)
    looked = torch.mean((self).see(pixels, shape, weights, ), [1])
    a = (self).linear(looked, weights, heads, )
    b = (self).linear(looked, weights, torch.add(heads, 2), )
    return torch.stack([(self).right(a, subjects, ), (self).right(b, colors, )])
  def gradients(self: __torch__.Blip2,
    pixels: Tensor,
    ids: Tensor,
    targets: Tensor,
    subjects: Tensor,
    colors: Tensor,
    cover: Tensor,
    rates: Tensor,
    halved: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> List[Tensor]:
    leaves = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      _0 = torch.append(leaves, torch.requires_grad_(torch.detach(weights[i]), True))
    working = annotate(List[Tensor], [])
    for n in range(torch.len(weights)):
      if torch.gt(int(halved[n]), 0):
        _2 = torch.append(working, torch.to(leaves[n], 15))
      else:
        _3 = torch.append(working, leaves[n])
    heads = torch.sub(torch.len(weights), 10)
    seen = (self).see(pixels, shape, working, )
    looked = torch.mean(seen, [1])
    a = (self).linear(looked, leaves, heads, )
    b = (self).linear(looked, leaves, torch.add(heads, 2), )
    where = (self).linear(torch.slice(seen, 1, 1, torch.size(seen, 1), 1), leaves, torch.add(heads, 8), )
    covered = torch.binary_cross_entropy_with_logits(where, cover, None, None, 1)
    what = (self).doubt(a, subjects, )
    color = (self).doubt(b, colors, )
    seeing = torch.add(torch.add(torch.mul(what, float(rates[0])), torch.mul(color, float(rates[1]))), torch.mul(covered, float(rates[3])))
    if torch.gt(float(rates[2]), 0.):
      prefix = (self).ask(seen, shape, working, )
      said = (self).loss((self).speak(prefix, ids, shape, working, ), targets, )
      asked = torch.mean(prefix, [1])
      c = (self).linear(asked, leaves, torch.add(heads, 4), )
      d = (self).linear(asked, leaves, torch.add(heads, 6), )
      telling = torch.add(torch.mul((self).doubt(c, subjects, ), float(rates[0])), torch.mul((self).doubt(d, colors, ), float(rates[1])))
      total = torch.add(torch.add(torch.mul(said, float(rates[2])), telling), seeing)
    else:
      said = torch.mul(covered, 0.)
      still = said
      for k in range(torch.len(leaves)):
        still = torch.add(still, torch.mul(torch.sum(leaves[k]), 0.))
      total = torch.add(seeing, still)
    partial = torch.grad([total], leaves)
    right = torch.stack([(self).right(a, subjects, ), (self).right(b, colors, )])
    results = [torch.detach(said), right]
    for j in range(torch.len(partial)):
      _1 = torch.append(results, torch.contiguous(unchecked_cast(Tensor, partial[j])))
    return results
