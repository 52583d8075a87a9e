  def encode(self: __torch__.DistilBert,
    ids: Tensor,
    mask: Tensor,
    shape: Tensor,
    weights: List[Tensor],
    dropout: float,
    attention_dropout: float) -> Tensor:
    heads = int(shape[0])
    batch = torch.size(ids, 0)
    length = torch.size(ids, 1)
    dim = torch.size(weights[0], 1)
    head_dim = torch.floordiv(dim, heads)
    layers = torch.floordiv(torch.sub(torch.len(weights), 8), 16)
    visible = torch.reshape(mask, [batch, 1, 1, length])
    position = torch.slice(weights[1], 0, 0, length, 1)
    embedded = torch.add(torch.embedding(weights[0], ids), position)
    x = torch.dropout(torch.layer_norm(embedded, [dim], weights[2], weights[3], 9.9999999999999998e-13), dropout, True)
    for layer in range(layers):
      w = torch.add(torch.mul(layer, 16), 4)
      if torch.eq(torch.add(layer, 1), layers):
        asking = torch.slice(x, 1, 0, 1, 1)
      else:
        asking = x
      q = torch.transpose(torch.reshape(torch.linear(asking, weights[w], weights[torch.add(w, 1)]), [batch, -1, heads, head_dim]), 1, 2)
      k = torch.transpose(torch.reshape(torch.linear(x, weights[torch.add(w, 2)], weights[torch.add(w, 3)]), [batch, length, heads, head_dim]), 1, 2)
      v = torch.transpose(torch.reshape(torch.linear(x, weights[torch.add(w, 4)], weights[torch.add(w, 5)]), [batch, length, heads, head_dim]), 1, 2)
      context = torch.reshape(torch.transpose(torch.scaled_dot_product_attention(q, k, v, visible, attention_dropout, False), 1, 2), [batch, -1, dim])
      attended = torch.add(torch.linear(context, weights[torch.add(w, 6)], weights[torch.add(w, 7)]), asking)
      y = torch.layer_norm(attended, [dim], weights[torch.add(w, 8)], weights[torch.add(w, 9)], 9.9999999999999998e-13)
      inner = torch.gelu(torch.linear(y, weights[torch.add(w, 10)], weights[torch.add(w, 11)]), approximate="none")
      outer = torch.dropout(torch.linear(inner, weights[torch.add(w, 12)], weights[torch.add(w, 13)]), dropout, True)
      x = torch.layer_norm(torch.add(outer, y), [dim], weights[torch.add(w, 14)], weights[torch.add(w, 15)], 9.9999999999999998e-13)
    return x
  def classify(self: __torch__.DistilBert,
    encoded: Tensor,
    weights: List[Tensor],
    dropout: float) -> Tensor:
    head = torch.sub(torch.len(weights), 4)
    pooled = torch.relu(torch.linear(torch.select(encoded, 1, 0), weights[head], weights[torch.add(head, 1)]))
    return torch.linear(torch.dropout(pooled, dropout, True), weights[torch.add(head, 2)], weights[torch.add(head, 3)])
  def logits(self: __torch__.DistilBert,
    ids: Tensor,
    mask: Tensor,
    shape: Tensor,
    weights: List[Tensor]) -> Tensor:
    return (self).classify((self).encode(ids, mask, shape, weights, 0., 0., ), weights, 0., )
  def gradients(self: __torch__.DistilBert,
    ids: Tensor,
    mask: Tensor,
    shape: Tensor,
    targets: Tensor,
    dropouts: Tensor,
    weights: List[Tensor]) -> List[Tensor]:
    leaves = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      _0 = torch.append(leaves, torch.requires_grad_(torch.detach(weights[i]), True))
    encoded = (self).encode(ids, mask, shape, leaves, float(dropouts[0]), float(dropouts[1]), )
    scores = (self).classify(encoded, leaves, float(dropouts[2]), )
    loss = torch.cross_entropy_loss(scores, targets)
    partial = torch.grad([loss], leaves)
    results = [torch.detach(loss), torch.detach(scores)]
    for j in range(torch.len(partial)):
      _1 = torch.append(results, unchecked_cast(Tensor, partial[j]))
    return results
