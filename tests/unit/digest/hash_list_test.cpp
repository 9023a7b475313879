#include "digest/hash_list.h"

#include <doctest/doctest.h>

#include "digest/digest.h"

namespace evidence {
namespace {

const std::string digest = sha256_hex("x");

std::string plain(std::string_view name) {
    return format_hash_line(HashListForm::plain, HashLineEnd::newline, Algorithm::sha256, digest,
                            name);
}

std::string bsd(Algorithm algorithm, std::string_view hex, std::string_view name) {
    return format_hash_line(HashListForm::bsd, HashLineEnd::newline, algorithm, hex, name);
}

const HashLine* parsed(const std::variant<HashLine, HashLineProblem>& line) {
    return std::get_if<HashLine>(&line);
}

}  // namespace

TEST_CASE("lines are those of sha256sum 9.1, byte for byte") {
    CHECK(plain("a") == digest + "  a\n");
    CHECK(plain(" lead") == digest + "   lead\n");
    CHECK(plain("n\nl") == "\\" + digest + "  n\\nl\n");
    CHECK(plain("c\rr") == "\\" + digest + "  c\\rr\n");
    CHECK(plain("b\\s") == "\\" + digest + "  b\\\\s\n");
    CHECK(plain("\xff\x1b") == digest + "  \xff\x1b\n");
    CHECK(bsd(Algorithm::sha256, digest, "par) = x") == "SHA256 (par) = x) = " + digest + "\n");
    CHECK(bsd(Algorithm::sha256, digest, "n\nl") == "\\SHA256 (n\\nl) = " + digest + "\n");
    CHECK(format_hash_line(HashListForm::plain, HashLineEnd::zero, Algorithm::sha256, digest,
                           "n\nl\\") == digest + "  n\nl\\" + std::string(1, '\0'));
}

TEST_CASE("every name comes back from both forms") {
    std::vector<std::string> names = {"a",
                                      " a",
                                      "a ",
                                      "*a",
                                      "\\",
                                      "\\n",
                                      "\n",
                                      "\r",
                                      "a\r",
                                      "\\\\n\n",
                                      ") = ",
                                      "(",
                                      "# no",
                                      "\xff\xfe",
                                      "a  b",
                                      "\t",
                                      "-",
                                      "a) = 00",
                                      "SHA256 (a) = " + digest,
                                      digest + "  a"};
    for (int byte = 1; byte < 256; ++byte) names.push_back(std::string(1, static_cast<char>(byte)));
    for (const std::string& name : names) {
        CAPTURE(name);
        for (Algorithm algorithm : all_algorithms) {
            const std::string hex(2 * digest_bytes(algorithm), 'a');
            for (HashListForm form : {HashListForm::plain, HashListForm::bsd}) {
                std::string line =
                    format_hash_line(form, HashLineEnd::newline, algorithm, hex, name);
                CHECK(line.ends_with('\n'));
                line.pop_back();
                CHECK(line.find('\n') == std::string::npos);
                CHECK_FALSE(is_hash_list_comment(line));
                const auto result = parse_hash_line(line, {algorithm});
                REQUIRE(parsed(result));
                CHECK(*parsed(result) == HashLine{algorithm, hex, name});
            }
        }
    }
}

TEST_CASE("lines of other tools are understood") {
    const HashLine expected{Algorithm::sha256, digest, "a"};
    std::string upper = digest;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    const std::string accepted[] = {
        digest + "  a",
        digest + " *a",
        digest + "  a\r",
        "  " + digest + "  a",
        upper + "  a",
        "SHA256 (a) = " + digest,
        "SHA256 (a) = " + digest + "\r",
        "SHA256(a)= " + digest,
        "SHA2-256(a)= " + digest,
        "SHA256 (a) = " + upper,
    };
    for (const std::string& line : accepted) {
        CAPTURE(line);
        const auto result = parse_hash_line(line);
        REQUIRE(parsed(result));
        CHECK(*parsed(result) == expected);
    }
}

TEST_CASE("lines that can be read in two ways, or in none, are refused") {
    const std::string short_digest = digest.substr(2);
    const std::string refused[] = {
        digest,
        digest + " ",
        digest + "  ",
        digest + " a",
        digest + "\ta",
        digest + "\t a",
        digest + "a",
        short_digest + "  a",
        digest + "00  a",
        "0" + digest + "  a",
        "\\" + digest + "  a\\x",
        "\\" + digest + "  a\\",
        "\\" + digest + "  a\\0",
        "\\\\" + digest + "  a",
        digest + "  a" + std::string(1, '\0') + "b",
        "SHA256 () = " + digest,
        "SHA256 (a) " + digest,
        "SHA256 (a = " + digest,
        "SHA256 a) = " + digest,
        "SHA256 (a) = ",
        "SHA256 (a) = " + short_digest,
        "SHA256 (a) = " + digest + " ",
        "SHA256 (a) = " + digest + " trailing",
        "SHA256  (a) = " + digest,
        "MD5 (a) = " + digest,
        "RMD160 (a) = " + digest,
        "sha256 (a) = " + digest,
        "(a) = " + digest,
        "\\SHA256 (a\\q) = " + digest,
        "junk",
        "a",
    };
    for (const std::string& line : refused) {
        CAPTURE(line);
        const auto result = parse_hash_line(line);
        CHECK_FALSE(parsed(result));
        if (!parsed(result)) CHECK_FALSE(std::get<HashLineProblem>(result).expected.empty());
    }
}

TEST_CASE("a digest without a tag is SHA-2 unless the caller says otherwise") {
    const std::string line64 = std::string(64, '0') + "  a",
                      line128 = std::string(128, '0') + "  a";
    CHECK(parsed(parse_hash_line(line64))->algorithm == Algorithm::sha256);
    CHECK(parsed(parse_hash_line(line128))->algorithm == Algorithm::sha512);
    const std::vector<Algorithm> wanted = {Algorithm::sha3_256, Algorithm::blake2b512};
    CHECK(parsed(parse_hash_line(line64, wanted))->algorithm == Algorithm::sha3_256);
    CHECK(parsed(parse_hash_line(line128, wanted))->algorithm == Algorithm::blake2b512);
    CHECK_FALSE(parsed(parse_hash_line(line64, {Algorithm::md5})));
}

TEST_CASE("OpenSSL's and b2sum's tags are known") {
    const std::pair<const char*, Algorithm> tags[] = {{"MD5", Algorithm::md5},
                                                      {"SHA1", Algorithm::sha1},
                                                      {"SHA2-256", Algorithm::sha256},
                                                      {"SHA2-384", Algorithm::sha384},
                                                      {"SHA2-512", Algorithm::sha512},
                                                      {"SHA3-256", Algorithm::sha3_256},
                                                      {"BLAKE2b", Algorithm::blake2b512},
                                                      {"BLAKE2B-512", Algorithm::blake2b512},
                                                      {"SHA384", Algorithm::sha384},
                                                      {"SHA512", Algorithm::sha512}};
    for (const auto& [tag, algorithm] : tags) {
        const std::string hex(2 * digest_bytes(algorithm), '7');
        const auto result = parse_hash_line(std::string(tag) + "(a)= " + hex);
        REQUIRE(parsed(result));
        CHECK(parsed(result)->algorithm == algorithm);
    }
    CHECK_FALSE(parsed(parse_hash_line("BLAKE2b-256 (a) = " + std::string(64, '7'))));
}

TEST_CASE("comments and empty lines say nothing") {
    CHECK(is_hash_list_comment(""));
    CHECK(is_hash_list_comment("\r"));
    CHECK(is_hash_list_comment("# " + digest + "  a"));
    CHECK_FALSE(is_hash_list_comment(" # a"));
}

}  // namespace evidence
