/**
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header, the tensors' bytes.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format's documentation</a>
 */
package dev.plaudit.inference.safetensors;
