/** Pictures to the text on them, by PaddleOCR's models. */
package dev.plaudit.ocr;
