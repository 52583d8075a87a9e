package dev.plaudit.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of Jinja's documentation; a bar stands for a line break. */
class JinjaWhitespaceTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a  {{- x -}}  b, a{{ x }}b",
                "a |{{ x }}| b, a |{{ x }}| b",
                "a|  {% set x = 1 %}|b, a|{% set x = 1 %}b",
                "a|  {%+ set x = 1 +%}|b, a|  {% set x = 1 %}|b",
                "a  {% if x %}|{% endif %}, a  {% if x %}{% endif %}",
                "a| {%- if x -%} | b, a{% if x %}b",
                "a|  {# note -#}  b, a|b",
                "a {# {{ - }} ' #}|b, a b",
                "{{ \"-}} '\" -}} x, {{ \"-}} '\" }}x",
                "{{ 'it\\'s }}' }} x, {{ 'it\\'s }}' }} x",
                "a { b } {c, a { b } {c",
                "x||, x|",
                "{{ open, {{ open"
            })
    void whitespaceGoesWhereJinjaTakesIt(String source, String applied) {
        assertThat(JinjaWhitespace.applied(source.replace('|', '\n'))).isEqualTo(applied.replace('|', '\n'));
    }
}
