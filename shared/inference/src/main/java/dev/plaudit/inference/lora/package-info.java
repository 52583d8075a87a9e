/**
 * LoRA adapters in the layout of Hugging Face's PEFT, merged into the weights that they were trained on.
 *
 * @see <a href="https://arxiv.org/abs/2106.09685">Hu et al., LoRA: Low-Rank Adaptation of Large Language Models</a>
 * @see <a href="https://arxiv.org/abs/2312.03732">Kalajdzievski, A Rank Stabilization Scaling Factor for Fine-Tuning with
 *     LoRA</a>
 */
package dev.plaudit.inference.lora;
