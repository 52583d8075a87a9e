package dev.plaudit.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {
    @ParameterizedTest
    @CsvSource({
        "50%, 50%25",
        "a b, a%20b",
        "'a\"b', a%22b",
        "a\u007f, a%7F",
        "é, %C3%A9",
        "🍞, %F0%9F%8D%9E",
        "a~!, a~!"
    })
    void whatIsNotPrintableAsciiIsEncoded(String attribute, String header) {
        assertThat(HeaderValue.encode(attribute)).isEqualTo(header);
        assertThat(HeaderValue.decode(header)).isEqualTo(attribute);
    }

    @ParameterizedTest
    @ValueSource(strings = {"50%", "%4", "%", "%zz", "a%4g%"})
    void aPercentThatEncodesNothingStaysAsItIs(String header) {
        assertThat(HeaderValue.decode(header)).isEqualTo(header);
    }
}
