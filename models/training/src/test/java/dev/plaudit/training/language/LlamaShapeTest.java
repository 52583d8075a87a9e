package dev.plaudit.training.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LlamaShapeTest {
    @Test
    void aShapeReachesFurtherButNeverLessFar() {
        LlamaShape shape = LlamaShape.small(400, 64, 2, 192, new LlamaShape.Tokens(1, 2, 0));

        assertThat(shape.reaching(320).positions()).isEqualTo(320);
        assertThat(shape.reaching(320).reaching(192)).isEqualTo(shape.reaching(320));
        assertThat(shape.reaching(96)).isEqualTo(shape);
    }
}
