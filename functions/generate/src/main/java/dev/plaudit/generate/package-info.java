/** Instruction prompts to the texts of posts, by Llama. */
package dev.plaudit.generate;
