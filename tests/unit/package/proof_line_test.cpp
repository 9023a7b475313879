#include "package/proof_line.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "digest/merkle_tree.h"

using namespace evidence;

namespace {

const std::string record =
    R"({"format":"evidence-record/1","item":"M-1","kind":"entry","name":"a\"b","salt":)"
    R"("00112233445566778899aabbccddeeff","type":"directory"})";
const std::string hash(64, 'a');

std::string message_of(const std::string& text) {
    try {
        parse_proof_line(text, "proofs.jsonl:1");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        return error.message();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a line of proofs is read as it was written") {
    ProofLine line;
    line.proof = {5, {sha256("x"), sha256("y")}};
    line.record_bytes = record;
    const std::string text = format_proof_line(line);
    CHECK(text.ends_with("],\"record\":" + record + "}\n"));
    const ProofLine read = parse_proof_line(text.substr(0, text.size() - 1), "proofs.jsonl:1");
    CHECK(read.proof == line.proof);
    CHECK(read.record_bytes == record);
    CHECK(read.leaf == merkle_leaf(as_bytes(record)));
}

TEST_CASE("what was redacted is a leaf without its record") {
    ProofLine line;
    line.proof = {0, {}};
    line.leaf = sha256("z");
    const std::string text = format_proof_line(line);
    CHECK(text ==
          "{\"index\":0,\"leaf\":\""
          "594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06\","
          "\"path\":[]}\n");
    const ProofLine read = parse_proof_line(text.substr(0, text.size() - 1), "proofs.jsonl:1");
    CHECK(read.leaf == line.leaf);
    CHECK(read.record_bytes.empty());
}

TEST_CASE("anything else is refused and names the line") {
    const std::string path = "\"path\":[\"" + hash + "\"]";
    CHECK(message_of("{\"index\":0," + path + ",\"record\":" + record + "}") == "accepted");
    for (const std::string& text :
         {"{\"index\":0," + path + "}",
          "{\"index\":0,\"leaf\":\"" + hash + "\"," + path + ",\"record\":" + record + "}",
          "{\"index\":-1," + path + ",\"record\":" + record + "}",
          "{\"index\":0,\"path\":[\"" + hash.substr(1) + "\"],\"record\":" + record + "}",
          "{\"index\":0,\"path\":[7],\"record\":" + record + "}",
          "{\"index\":0,\"leaf\":\"XY\"," + path + "}", "{\"index\":0," + path + ",\"record\":{}}",
          "{\"index\": 0," + path + ",\"record\":" + record + "}",
          "{\"index\":0," + path + ",\"record\":" + record + ",\"x\":1}", std::string("[]")}) {
        INFO(text);
        CHECK(message_of(text).find("proofs.jsonl:1") != std::string::npos);
    }
    std::string many = "\"" + hash + "\"";
    for (std::size_t i = 0; i < max_path_length; ++i) many += ",\"" + hash + "\"";
    CHECK(message_of("{\"index\":0,\"path\":[" + many + "],\"record\":" + record + "}") !=
          "accepted");
}
