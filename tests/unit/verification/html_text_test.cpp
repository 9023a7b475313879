#include "verification/html_text.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace evidence;
using namespace std::string_literals;

TEST_CASE("markup and quotes of evidence are text") {
    CHECK(html_text("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#39;");
    CHECK(html_text("&lt;") == "&amp;lt;");
    CHECK(html_evidence("<i>") == "<bdi dir=\"auto\">&lt;i&gt;</bdi>");
    CHECK(html_code("</code>") == "<code dir=\"ltr\">&lt;/code&gt;</code>");
}

TEST_CASE("control characters, changes of direction and bad bytes are visible escapes") {
    CHECK(html_text("a\0b"s) == "a\\x00b");
    CHECK(html_text("a\nb\x1b[2J") == "a\\nb\\x1b[2J");
    CHECK(html_text("evil\u202Egnp.exe") == "evil\\u{202e}gnp.exe");
    CHECK(html_text("caf\xe9") == "caf\\xe9");
    CHECK(html_text("\xc0\xbc script") == "\\xc0\\xbc script");  // an overlong "<"
}

TEST_CASE("names in any script stay as they are") {
    CHECK(html_text("Nguyễn Thị Ánh Tuyết") == "Nguyễn Thị Ánh Tuyết");
    CHECK(html_text("مطار القاهرة 移交") == "مطار القاهرة 移交");
}

TEST_CASE("a long text is cut between characters") {
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string text(shift, 'x');
        while (text.size() < 2 * html_text_max_bytes) text += "\U0001F512";
        const std::string html = html_text(text);
        CHECK(html.size() <= html_text_max_bytes + 2);
        CHECK(is_valid_utf8(html));
        CHECK(html.ends_with("\U0001F512.."));
    }
    CHECK(html_text(std::string(html_text_max_bytes, 'x')) ==
          std::string(html_text_max_bytes, 'x'));
}

TEST_CASE("a digest may be broken after every sixteenth character and nowhere else") {
    CHECK(html_code("0123456789abcdef") == "<code dir=\"ltr\">0123456789abcdef</code>");
    CHECK(html_code("0123456789abcdef0") == "<code dir=\"ltr\">0123456789abcdef<wbr>0</code>");
    CHECK(html_code("") == "<code dir=\"ltr\"></code>");
}

TEST_CASE("times and numbers are spelled for people") {
    CHECK(shown_time({1'795'310'198'123}) == "2026-11-22 01:16:38 UTC");
    CHECK(html_time({1'795'310'198'123}) ==
          "<time datetime=\"2026-11-22T01:16:38.123Z\" dir=\"ltr\">2026-11-22 01:16:38 UTC</time>");
    CHECK(shown_number(0) == "0");
    CHECK(shown_number(999) == "999");
    CHECK(shown_number(1'234'567) == "1\u202F234\u202F567");
}
