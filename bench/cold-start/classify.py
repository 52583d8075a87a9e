#!/usr/bin/python3
"""The classify function in Python, as a peer for cold starts: PyTorch, the standard library, and nothing else.

A DistilBERT for sequence classification (Sanh et al. 2019) read from a Hugging Face folder: weights from
model.safetensors, WordPiece from tokenizer.json. Answers POST / with the like bucket of the prompt in the document.
"""
import json
import struct
import sys
import time
import unicodedata
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import torch
from torch.nn import functional as F

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def read_safetensors(path):
    data = bytearray(path.read_bytes())
    size = struct.unpack_from("<Q", data)[0]
    tensors = {}
    for name, info in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = info["data_offsets"]
            values = torch.frombuffer(data[8 + size + begin : 8 + size + end], dtype=TYPES[info["dtype"]])
            tensors[name] = values.reshape(info["shape"]).float()
    return tensors


class WordPiece:
    def __init__(self, path):
        tokenizer = json.loads(path.read_text())
        self.vocabulary = tokenizer["model"]["vocab"]
        self.unknown = self.vocabulary[tokenizer["model"]["unk_token"]]
        normalizer = tokenizer["normalizer"] or {}
        self.lowercase = normalizer.get("lowercase", False)

    def words(self, text):
        if self.lowercase:
            text = unicodedata.normalize("NFD", text.lower())
            text = "".join(c for c in text if unicodedata.category(c) != "Mn")
        word = ""
        for c in text:
            symbol = unicodedata.category(c)[0] in "P" or c in "$+<=>^`|~"
            if symbol or c.isspace():
                if word:
                    yield word
                word = ""
                if symbol:
                    yield c
            else:
                word += c
        if word:
            yield word

    def pieces(self, word):
        pieces, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self.vocabulary.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    pieces.append(piece)
                    start = end
                    break
            else:
                return [self.unknown]
        return pieces

    def encode(self, text, longest):
        tokens = [piece for word in self.words(text) for piece in self.pieces(word)]
        return [self.vocabulary["[CLS]"], *tokens[: longest - 2], self.vocabulary["[SEP]"]]


class DistilBert:
    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        self.weights = read_safetensors(folder / "model.safetensors")
        self.tokenizer = WordPiece(folder / "tokenizer.json")

    def linear(self, name, x):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"], 1e-12)

    @torch.inference_mode()
    def classify(self, text):
        ids = torch.tensor(self.tokenizer.encode(text, self.config["max_position_embeddings"]))
        embeddings = "distilbert.embeddings."
        x = self.weights[embeddings + "word_embeddings.weight"][ids]
        x = self.norm(embeddings + "LayerNorm", x + self.weights[embeddings + "position_embeddings.weight"][: len(ids)])
        heads = self.config["n_heads"]
        for i in range(self.config["n_layers"]):
            layer = f"distilbert.transformer.layer.{i}."
            q, k, v = (
                self.linear(f"{layer}attention.{part}_lin", x).reshape(len(ids), heads, -1).transpose(0, 1)
                for part in "qkv"
            )
            attention = F.softmax(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5, dim=-1) @ v
            attended = self.linear(layer + "attention.out_lin", attention.transpose(0, 1).reshape(len(ids), -1))
            x = self.norm(layer + "sa_layer_norm", x + attended)
            x = self.norm(
                layer + "output_layer_norm",
                x + self.linear(layer + "ffn.lin2", F.gelu(self.linear(layer + "ffn.lin1", x))),
            )
        pooled = F.relu(self.linear("pre_classifier", x[0]))
        return F.softmax(self.linear("classifier", pooled), dim=-1).tolist()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # One write for an answer: two would wait 40 ms for each other (Nagle's algorithm).

    def do_POST(self):
        started = time.perf_counter()
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        probabilities = self.server.model.classify(document["prompt"]["text"])
        bucket = max(range(len(probabilities)), key=probabilities.__getitem__) + 1
        document["classification"] = {"bucket": bucket, "probabilities": [round(p, 6) for p in probabilities]}
        millis = round((time.perf_counter() - started) * 1000, 2)
        document["usage"] = [{"function": "classify", "device": "cpu", "millis": millis, "coldStart": False}]
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ce-type", "dev.plaudit.classified")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    model = DistilBert(Path(sys.argv[1]))
    server = HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    server.model = model
    server.serve_forever()
