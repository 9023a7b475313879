#include "package/disclose.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/base64.h"
#include "base/error.h"
#include "custody/event_writer.h"
#include "digest/merkle_tree.h"
#include "package/item_proofs.h"
#include "package/item_tree.h"
#include "package/proof_line.h"
#include "package/record.h"
#include "seal_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// A package with a file of two pieces and a tree, and what is cut from it.
class DiscloseFixture : public SealFixture {
public:
    DiscloseFixture() {
        add_image("DISK-1", std::string(piece_bytes, 'a') + std::string(1000, 'b'));
        add_tree("TREE-1");
        SealRequest request;
        request.selection = ItemSelection::all;
        package_ = folder / "full.asice";
        write_new_file(package_, as_bytes(seal(request).bytes));
    }

    SealedBytes disclose(const DisclosureSelection& selection,
                         DisclosureKind kind = DisclosureKind::blind) {
        return disclose_from(package_, selection, kind);
    }
    SealedBytes disclose_from(const fs::path& path, const DisclosureSelection& selection,
                              DisclosureKind kind) {
        const OriginPackage origin(path);
        DiscloseRequest request;
        request.selection = selection;
        request.kind = kind;
        request.tool_name = "evidence-seal";
        request.tool_version = "test";
        SealedBytes part;
        part.facts = evidence::disclose(
            case_folder, origin, request, identity, author,
            [&part](ByteView bytes) { part.bytes += as_text(bytes); }, context);
        return part;
    }
    fs::path save(const std::string& bytes) {
        const fs::path path = folder / random_hex_128(context.random);
        write_new_file(path, as_bytes(bytes));
        return path;
    }
    const fs::path& package() const { return package_; }

private:
    fs::path package_;
};

DisclosureSelection only(std::vector<std::string> wishes) {
    DisclosureSelection selection;
    selection.only = std::move(wishes);
    return selection;
}

class Opened {
public:
    explicit Opened(const fs::path& path) : package_(path) {}
    std::string text(std::string_view name) const { return package_.content(name, 16 * mib); }
    bool has(std::string_view name) const { return package_.find(name) != nullptr; }
    std::vector<std::string> lines(std::string_view name) const {
        std::vector<std::string> all;
        package_.visit_lines(name, json_max_line_bytes,
                             [&](std::string_view line, std::uint64_t) { all.emplace_back(line); });
        return all;
    }

private:
    OriginPackage package_;
};

}  // namespace

TEST_CASE_FIXTURE(DiscloseFixture, "the proofs of a blind disclosure lead to the signed root") {
    const SealedBytes part = disclose(only({"DISK-1"}));
    const Opened opened(save(part.bytes));
    const CheckpointText head =
        parse_checkpoint(opened.text("origin/items.checkpoint"), "checkpoint");
    const std::vector<std::string> proofs = opened.lines("origin/proofs.jsonl");
    const std::vector<std::string> records = opened.lines("items.jsonl");
    REQUIRE(proofs.size() == 1);
    REQUIRE(records.size() == 1);
    const ProofLine proof = parse_proof_line(proofs[0], "proof");
    CHECK(root_of_path(proof.leaf, proof.proof.index, head.size, proof.proof.path) == head.hash);
    std::string record;
    parse_record_line(records[0], "record", record, PackageKind::disclosure);
    CHECK(differ_in_salt_alone(record, proof.record_bytes));
    CHECK(record != proof.record_bytes);
    CHECK(part.facts.disclosure->disclosed == 1);
    CHECK(part.facts.disclosure->of == head.size);
    CHECK(part.facts.items == std::vector<std::string>{"DISK-1"});
}

TEST_CASE_FIXTURE(DiscloseFixture, "a blind disclosure has no word of what it withholds") {
    const SealedBytes part = disclose(only({"DISK-1"}));
    const Opened full(package());
    for (const std::string& line : full.lines("items.jsonl")) {
        const Json record = parse_canonical(line, "record").at("record");
        if (record.at("item").string() != "TREE-1") continue;
        std::vector<std::string> secrets = {record.at("salt").string()};
        if (const Json* digests = record.find("digests")) {
            const std::string digest = digests->at("sha256").string();
            const Bytes raw = from_hex(digest).value();
            secrets.push_back(digest);
            secrets.emplace_back(as_text(raw));
            secrets.push_back(to_base64(raw).substr(0, 40));
        }
        for (const std::string& secret : secrets) {
            CHECK(part.bytes.find(secret) == std::string::npos);
        }
    }
    CHECK(part.bytes.find("TREE-1") == std::string::npos);
    CHECK(part.bytes.find("/dev/DISK-1") != std::string::npos);
}

TEST_CASE_FIXTURE(DiscloseFixture, "a named disclosure has every file of the original") {
    const SealedBytes part = disclose(only({"DISK-1"}), DisclosureKind::named);
    const Opened opened(save(part.bytes));
    const OriginPackage full(package());
    for (const ZipEntry& entry : full.entries()) {
        const bool is_given = entry.name != "mimetype" && !entry.name.starts_with("data/");
        CHECK(opened.has("origin/" + entry.name) == is_given);
        if (!is_given) continue;
        CHECK(opened.text("origin/" + entry.name) == full.content(entry.name, 16 * mib));
    }
}

TEST_CASE_FIXTURE(DiscloseFixture, "a range is given in whole pieces") {
    DisclosureSelection selection;
    selection.ranges = {{"DISK-1", piece_bytes + 10, piece_bytes + 11}};
    const Opened opened(save(disclose(selection, DisclosureKind::named).bytes));
    CHECK(opened.text("data/000001.img") == std::string(1000, 'b'));
    const Json record = parse_canonical(opened.lines("items.jsonl").at(0), "line").at("record");
    CHECK(record.at("kind").string() == "region");
    CHECK(record.at("offset_bytes").size() == piece_bytes);
    CHECK(record.at("size_bytes").size() == 1000);
    selection.ranges = {{"DISK-1", 0, piece_bytes + 1001}};
    CHECK_THROWS_AS(disclose(selection, DisclosureKind::named), Error);
}

TEST_CASE_FIXTURE(DiscloseFixture, "bytes that are given are read, others are not") {
    std::string bytes = read_small_file(package(), 16 * mib);
    bytes[bytes.find("bbbb")] = 'c';
    const fs::path changed = save(bytes);
    CHECK_THROWS_AS(disclose_from(changed, only({"DISK-1"}), DisclosureKind::blind), Error);
    CHECK_NOTHROW(disclose_from(changed, only({"TREE-1"}), DisclosureKind::blind));
}

TEST_CASE_FIXTURE(DiscloseFixture, "a record that was changed is refused before anything is cut") {
    std::string bytes = read_small_file(package(), 16 * mib);
    const std::size_t at = bytes.find(R"("item":"TREE-1","item_key")");
    REQUIRE(at != std::string::npos);
    bytes[at + std::string_view(R"("item":"T)").size()] = 'S';
    try {
        disclose_from(save(bytes), only({"DISK-1"}), DisclosureKind::blind);
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::refused);
    }
}

TEST_CASE_FIXTURE(DiscloseFixture, "the event says what was given, and is written once") {
    const SealedBytes part = disclose(only({"DISK-1"}));
    const auto numbers =
        record_disclosure(case_folder, part.facts, event("disclose"), author, context);
    REQUIRE(numbers.size() == 1);
    CHECK(record_disclosure(case_folder, part.facts, event("disclose"), author, context).empty());
    case_folder.ledger().visit(numbers[0], numbers[0] + 1, [&](const LedgerLine& line) {
        CHECK(line.event->type == "disclose");
        CHECK(line.event->items == std::vector<std::string>{"DISK-1"});
        CHECK(line.event->detail.at("package").string() == part.facts.id);
        CHECK(line.event->detail.at("withheld").size() == part.facts.disclosure->withheld());
    });
}

TEST_CASE_FIXTURE(DiscloseFixture,
                  "what a disclosure of a disclosure proves goes down to the seal") {
    const fs::path first = save(disclose(only({"TREE-1"})).bytes);
    const fs::path second =
        save(disclose_from(first, only({"TREE-1"}), DisclosureKind::blind).bytes);
    const Opened opened(second);
    const Opened full(package());
    CHECK(opened.text("origin/origin/items.checkpoint") == full.text("items.checkpoint"));
    CHECK(opened.text("origin/items.checkpoint") == Opened(first).text("items.checkpoint"));
    for (const char* level : {"origin/", "origin/origin/"}) {
        const CheckpointText head =
            parse_checkpoint(opened.text(std::string(level) + "items.checkpoint"), "checkpoint");
        const auto proofs = opened.lines(std::string(level) + "proofs.jsonl");
        CHECK(proofs.size() == opened.lines("items.jsonl").size());
        for (const std::string& text : proofs) {
            const ProofLine line = parse_proof_line(text, "proof");
            CHECK(root_of_path(line.leaf, line.proof.index, head.size, line.proof.path) ==
                  head.hash);
        }
    }
    CHECK_FALSE(opened.has("origin/origin/origin/items.checkpoint"));
}
