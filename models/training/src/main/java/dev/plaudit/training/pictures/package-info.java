/** Pictures that are drawn here, with the truth about them: what models of pictures learn from and are measured on. */
package dev.plaudit.training.pictures;
