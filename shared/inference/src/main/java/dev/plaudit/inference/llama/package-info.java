/**
 * Llama 2 and 3: a checkpoint folder, with a LoRA adapter where there is one, becomes a model that writes.
 *
 * @see <a href="https://arxiv.org/abs/2307.09288">Touvron et al., Llama 2</a>
 * @see <a href="https://arxiv.org/abs/2407.21783">Grattafiori et al., The Llama 3 Herd of Models</a>
 */
package dev.plaudit.inference.llama;
