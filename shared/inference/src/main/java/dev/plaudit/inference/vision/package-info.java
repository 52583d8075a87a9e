/** From pictures to what a vision transformer takes. */
package dev.plaudit.inference.vision;
