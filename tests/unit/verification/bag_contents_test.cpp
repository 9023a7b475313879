#include "verification/bag_contents.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

// A manifest of four-byte digests and files that have them; no hashing takes part.
struct ContentsFixture {
    Findings findings;
    BagContents contents;
    const ForeignAlgorithm algorithm{"short", std::nullopt, 4};
    const Bytes good = {1, 2, 3, 4}, bad = {9, 9, 9, 9};

    explicit ContentsFixture(BagVersion version = {1, 0}) : contents(version, findings) {}

    std::size_t manifest(const std::string& name = "manifest-short.txt",
                         ManifestKind kind = ManifestKind::payload) {
        return contents.add_manifest(name, kind, algorithm);
    }
    void list(std::size_t manifest, const std::string& path, const Bytes& digest) {
        contents.add_line(manifest, path, path, digest, 1);
    }
    void find(const std::string& path, const Bytes& digest, std::uint64_t size_bytes = 1) {
        const std::vector<Bytes> digests = {digest};
        contents.add_item({path, BagItem::Kind::file, {}, size_bytes, digests});
    }
    std::vector<std::string> settle(TagEncoding encoding = TagEncoding::utf8) {
        contents.settle(encoding);
        std::vector<std::string> codes;
        for (const Finding& finding : findings.all()) codes.push_back(finding.code);
        return codes;
    }
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("what is listed and there as listed gives no finding") {
    ContentsFixture bag;
    const std::size_t manifest = bag.manifest();
    bag.list(manifest, "data/a", bag.good);
    bag.list(manifest, "data/b", bag.bad);
    bag.find("data/a", bag.good, 10);
    bag.find("data/b", bag.bad, 5);
    bag.find("bagit.txt", bag.bad);
    CHECK(bag.settle().empty());
    CHECK(bag.contents.payload() == PayloadOxum{15, 2});
    CHECK(bag.contents.tag_files() == 1);
}

TEST_CASE("missing, unlisted and differing files are told apart") {
    ContentsFixture bag;
    const std::size_t manifest = bag.manifest();
    bag.list(manifest, "data/differs", bag.good);
    bag.list(manifest, "data/gone", bag.good);
    bag.find("data/differs", bag.bad);
    bag.find("data/new", bag.good);
    CHECK(bag.settle() ==
          Codes{"payload.digest-mismatch", "payload.missing", "payload.unexpected"});
}

TEST_CASE("two manifests share the payload before 1.0 and each have all of it since") {
    for (const bool is_strict : {false, true}) {
        ContentsFixture bag(is_strict ? BagVersion{1, 0} : BagVersion{0, 97});
        bag.list(bag.manifest("manifest-one.txt"), "data/a", bag.good);
        bag.list(bag.manifest("manifest-two.txt"), "data/b", bag.good);
        bag.find("data/a", bag.good);
        bag.find("data/b", bag.good);
        CHECK(bag.settle() == Codes{"bag.not-in-every-manifest", "bag.not-in-every-manifest"});
        CHECK(bag.findings.has_failure() == is_strict);
    }
}

TEST_CASE("a name in another form is found only with the same bytes") {
    for (const bool same_bytes : {true, false}) {
        ContentsFixture bag;
        bag.list(bag.manifest(), "data/N\u00fa", bag.good);
        bag.find("data/Nu\u0301", same_bytes ? bag.good : bag.bad);
        const Codes codes = bag.settle();
        CHECK(codes.front() == "bag.name-differs");
        CHECK(bag.findings.has_failure() == !same_bytes);
        CHECK_FALSE(bag.findings.has("payload.unexpected"));
        CHECK_FALSE(bag.findings.has("payload.missing"));
    }
}

TEST_CASE("one file may stand for two names that were alike, each with its digest") {
    ContentsFixture bag(BagVersion{0, 97});
    const std::size_t manifest = bag.manifest();
    bag.list(manifest, "data/HELLO", bag.good);
    bag.list(manifest, "data/hello", bag.bad);
    bag.find("data/hello", bag.bad);
    CHECK(bag.settle() == Codes{"bag.name-differs", "payload.digest-mismatch"});
}

TEST_CASE("a manifest of an unknown algorithm still says which files belong") {
    ContentsFixture bag;
    const std::size_t manifest =
        bag.contents.add_manifest("manifest-x.txt", ManifestKind::payload, std::nullopt);
    CHECK(bag.contents.algorithms().empty());
    bag.list(manifest, "data/a", bag.good);
    bag.list(manifest, "data/gone", bag.good);
    bag.find("data/a", bag.bad);
    bag.find("data/new", bag.bad);
    CHECK(bag.settle() == Codes{"payload.missing", "payload.unexpected"});
}

TEST_CASE("what is neither file nor folder is said once, and nothing is missing then") {
    ContentsFixture bag;
    bag.list(bag.manifest(), "data/a", bag.good);
    bag.contents.add_item({"data/a", BagItem::Kind::special, {}, 0, {}});
    CHECK(bag.settle() == Codes{"bag.not-a-file"});
}
