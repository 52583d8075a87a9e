// The Node binding of ONNX Runtime over the graph that Java wrote: runs once for each line it reads and answers
// with the time in milliseconds.
const [model, threads, tokens] = process.argv.slice(2);
const ort = require('onnxruntime-node');
const readline = require('node:readline');

(async () => {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: Number(threads),
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const shape = [1, Number(tokens)];
  const ids = BigInt64Array.from({ length: shape[1] }, (_, i) => BigInt((i * 37 + 11) % 102));
  const feeds = {
    input_ids: new ort.Tensor('int64', ids, shape),
    attention_mask: new ort.Tensor('int64', new BigInt64Array(shape[1]).fill(1n), shape),
  };
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    const start = performance.now();
    await session.run(feeds);
    console.log(performance.now() - start);
  }
})();
