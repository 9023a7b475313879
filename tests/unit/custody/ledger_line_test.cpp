#include "custody/ledger_line.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "custody_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t position = text.find(from);
    REQUIRE(position != std::string::npos);
    return text.replace(position, from.size(), to);
}

void refuses(const std::string& line, const std::string& reason) {
    CAPTURE(line);
    try {
        parse_ledger_line(line, "line 7");
        FAIL_CHECK("accepted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        CHECK_MESSAGE(error.message().find(reason) != std::string::npos, error.message());
        CHECK(error.message().find("line 7") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("the lines of the independent sample are read and written alike") {
    for (const std::string& text : sample_lines()) {
        CHECK(format_ledger_line(parse_ledger_line(text, "sample")) == text + "\n");
    }
}

TEST_CASE("a shown line tells what stands in it") {
    const LedgerLine line = parse_ledger_line(sample_lines().at(1), "sample");
    CHECK(line.seq == 1);
    REQUIRE(line.event);
    CHECK(line.event->type == "acquire");
    CHECK(line.event->items == std::vector<std::string>{"DISK-01"});
    CHECK(line.signer == line.event->actor.certificate_sha256);
    CHECK(line.event_bytes_digest == sha256(line.event_bytes));
    CHECK(line.signature.size() == 72);
}

TEST_CASE("a withheld line tells number and digest only") {
    const LedgerLine line = parse_ledger_line(sample_lines().at(2), "sample");
    CHECK(line.seq == 2);
    CHECK_FALSE(line.event);
    CHECK(line.event_bytes.empty());
    CHECK(line.signer.empty());
    CHECK(to_hex(line.event_bytes_digest) ==
          "4c47a6c460c307540a2a03aba59f328ddb80d1c2966cdcb54af83ad1b6453cd0");
}

TEST_CASE("an unsigned line has neither signature nor signer") {
    std::string text = sample_lines().at(1);
    const std::size_t start = text.find(R"("signature")");
    text.erase(start, text.find(R"("tags")") - start);
    const LedgerLine line = parse_ledger_line(text, "unsigned");
    CHECK(line.signature.empty());
    CHECK(format_ledger_line(line) == text + "\n");
}

TEST_CASE("lines of any other form are refused") {
    const std::string shown = sample_lines().at(1);
    const std::string withheld = sample_lines().at(2);
    refuses(shown + "\n", "canonical JSON");
    refuses("{}", "seq");
    refuses("[]", "");
    refuses("", "canonical JSON");
    refuses(replaced(shown, R"("link")", R"("kink")"), "link");
    refuses(replaced(withheld, R"("link")", R"("mink")"), "link");
    refuses(replaced(withheld, R"("tags":")", R"("tags":"0)"), "tags");
    refuses(replaced(withheld, R"("seq":2)", R"("seq":-2)"), "below zero");
    refuses(replaced(withheld, R"("digest":"4c)", R"("digest":"4C)"), "digest");
    refuses(replaced(withheld, R"("digest":"4c)", R"("digest":")"), "digest");
    refuses(replaced(withheld, R"("seq":2,)", R"("seq":2,"sez":0,)"), "only digest");
    refuses(replaced(shown, R"("place":"Ha Noi",)", ""), "place");
    refuses(replaced(shown, R"("signer":"09)", R"("signer":"0G)"), "signer");
    refuses(replaced(shown, R"("signature":"MEY)", R"("signature":"=EY)"), "signature");
    refuses(replaced(shown, R"("link":"0b)", R"("kind":"","link":"0b)"), "only event");
}

TEST_CASE("a line with a signature and no signer, or the reverse, is refused") {
    const std::string shown = sample_lines().at(1);
    const std::size_t signature = shown.find(R"("signature")");
    const std::size_t signer = shown.find(R"("signer")");
    const std::size_t tags = shown.find(R"("tags")");
    refuses(shown.substr(0, signature) + shown.substr(signer), "signature");
    refuses(shown.substr(0, signer) + shown.substr(tags), "signer");
}

TEST_CASE("a line over the limit is refused before anything is decoded") {
    LedgerLine line = parse_ledger_line(sample_lines().at(2), "sample");
    line.tags = Bytes(ledger_tags_max_bytes + 128);
    refuses(format_ledger_line(line).substr(0, format_ledger_line(line).size() - 1), "tags");
    line.tags = Bytes(json_max_line_bytes);
    refuses(format_ledger_line(line).substr(0, format_ledger_line(line).size() - 1), "1 MiB");
}
