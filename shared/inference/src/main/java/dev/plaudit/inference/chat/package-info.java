/**
 * Conversations as the text that a model was trained to go on from.
 *
 * @see <a href="https://huggingface.co/docs/transformers/chat_templating">chat templates</a>
 */
package dev.plaudit.inference.chat;
