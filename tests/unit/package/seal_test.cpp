#include "package/seal.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "custody/event_writer.h"
#include "custody/ledger_tables.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/record.h"
#include "seal_fixture.h"
#include "signature/cms_signature.h"
#include "small_package.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string large_content(3 * mib + 5, 'x');

// A sealed package, read back.
class Opened {
public:
    explicit Opened(const SealedBytes& sealed)
        : file_(file_of(folder_, sealed.bytes)), zip_(read_zip_structure(file_, findings_)) {
        CHECK(findings_.all().empty());
    }
    std::string entry(std::string_view name) const {
        const ZipEntry* found = zip_.find(name);
        INFO("entry ", std::string(name));
        REQUIRE(found != nullptr);
        return read_entry(file_, *found, 64 * mib);
    }
    bool has(std::string_view name) const { return zip_.find(name) != nullptr; }
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const ZipEntry& entry : zip_.entries) names.push_back(entry.name);
        return names;
    }
    std::vector<ListedFile> listed(bool (*belongs)(std::string_view)) const {
        std::vector<ListedFile> files;
        for (const std::string& name : names()) {
            if (belongs(name)) files.push_back({name, sha256(entry(name))});
        }
        return files;
    }

private:
    TemporaryFolder folder_;
    File file_;
    Findings findings_;
    ZipStructure zip_;
};

ErrorKind kind_of_failure(const auto& action, const std::string& expected_in_message) {
    try {
        action();
    } catch (const Error& error) {
        CHECK_MESSAGE(error.message().find(expected_in_message) != std::string::npos,
                      error.message());
        return error.kind();
    }
    FAIL("nothing was refused");
    return ErrorKind::usage;
}

SealRequest only(std::vector<std::string> items) {
    SealRequest request;
    request.selection = ItemSelection::named;
    request.items = std::move(items);
    return request;
}

}  // namespace

TEST_CASE("a sealed package holds everything in its place, listed and signed") {
    SealFixture fixture;
    fixture.add_image("DISK-01", large_content);
    fixture.add_tree("MAIL-01", "{\"errno\":13}\n");
    SealRequest request;
    request.request = parse_relaxed("{ \"b\": 1, \"a\": \"x\" }", "request");
    request.conditions.push_back(Json::object({{"kind", "use-limit"}, {"text", "only here"}}));
    const SealedBytes sealed = fixture.seal(request);
    const Opened package(sealed);

    const std::string signer =
        "custody/signers/" + fixture.identity.certificate.fingerprint() + ".pem";
    CHECK(package.names() == std::vector<std::string>{"mimetype",
                                                      "bagit.txt",
                                                      "bag-info.txt",
                                                      "README.txt",
                                                      "package.json",
                                                      "terms.json",
                                                      "request.json",
                                                      "data/000001.img",
                                                      "data/000002.tar",
                                                      "items.jsonl",
                                                      "items.checkpoint",
                                                      "pieces/000001.txt",
                                                      "acquisition/000001.json",
                                                      "acquisition/000002.json",
                                                      "acquisition/000002.omitted.jsonl",
                                                      "custody/ledger.jsonl",
                                                      "custody/checkpoint",
                                                      signer,
                                                      "manifest-sha256.txt",
                                                      "tagmanifest-sha256.txt",
                                                      "META-INF/ASiCManifest001.xml",
                                                      "META-INF/signature001.p7s",
                                                      "META-INF/ASiCManifest002.xml",
                                                      "META-INF/signature002.p7s"});
    CHECK(package.entry("request.json") == "{\"a\":\"x\",\"b\":1}\n");
    CHECK(package.entry("data/000001.img") == large_content);
    CHECK(package.entry("manifest-sha256.txt") == bag_manifest(package.listed(is_payload)));
    CHECK(package.entry("tagmanifest-sha256.txt") ==
          bag_manifest(package.listed(is_in_tagmanifest)));
    CHECK(package.entry(manifest_001) ==
          asic_manifest(signature_001, package.listed(is_in_manifest_001)));
    for (const auto& [manifest, signature] :
         {std::pair(manifest_001, signature_001), std::pair(manifest_002, signature_002)}) {
        const DetachedSignature checked = check_detached(
            as_bytes(package.entry(signature)), as_bytes(package.entry(manifest)), signature);
        CHECK_FALSE(checked.findings.has_failure());
        CHECK(checked.signer == fixture.identity.certificate);
    }
}

TEST_CASE("the documents of a sealed package say the same as the case and each other") {
    SealFixture fixture;
    fixture.add_image("DISK-01", "small");
    fixture.context.clock.time.milliseconds += 123;
    const SealedBytes sealed = fixture.seal();
    const Opened package(sealed);
    const PackageDocument document =
        parse_package_document(package.entry("package.json"), "package.json");
    const TermsDocument terms = parse_terms_document(package.entry("terms.json"), "terms.json");
    CHECK(document.id == sealed.facts.id);
    CHECK(document.case_number == "C-7");
    CHECK(document.created_at == fixture.context.clock.time);
    CHECK(document.ledger_id == fixture.case_folder.ledger().id());
    CHECK(document.ledger_size == 2);
    CHECK(document.objects == 1);
    CHECK(document.records == 1);
    CHECK_FALSE(document.previous.has_value());
    CHECK(document.sealed_by.certificate_sha256 == fixture.identity.certificate.fingerprint());
    CHECK(document.sealed_by.algorithm == "ecdsa-sha256");
    CHECK(terms.package_id == document.id);
    CHECK(terms.sealer_certificate_sha256 == document.sealed_by.certificate_sha256);
    CHECK(package.entry("custody/checkpoint") ==
          format_checkpoint(fixture.case_folder.ledger().head()));
    CHECK(sealed.facts.ledger_head == fixture.case_folder.ledger().head());
    CHECK(bag_info_value(package.entry("bag-info.txt"), "External-Identifier") == document.id);
    CHECK(bag_info_value(package.entry("bag-info.txt"), "Payload-Oxum") == "5.1");
    CHECK(sealed.facts.manifest_sha256 == sha256_hex(package.entry(manifest_001)));
    CHECK(sealed.facts.file_sha256 == sha256_hex(sealed.bytes));
    CHECK(sealed.facts.size_bytes == sealed.bytes.size());
}

TEST_CASE("records carry fresh salts, places and everything the acquisition knew") {
    SealFixture fixture;
    fixture.add_tree("MAIL-01");
    const Opened first(fixture.seal()), second(fixture.seal());
    CHECK(first.entry("items.jsonl") != second.entry("items.jsonl"));
    std::set<std::string> salts;
    for (const Opened* package : {&first, &second}) {
        const std::string text = package->entry("items.jsonl");
        for (std::size_t start = 0; start < text.size(); start = text.find('\n', start) + 1) {
            std::string record_bytes;
            const RecordLine line = parse_record_line(
                text.substr(start, text.find('\n', start) - start), "items.jsonl", record_bytes);
            CHECK(line.object == "data/000001.tar");
            CHECK(salts.insert(line.record.at("salt").string()).second);
        }
    }
    CHECK(salts.size() == 12);
}

TEST_CASE("the same inputs, clock and random numbers give the same bytes up to the signatures") {
    SealFixture fixture;
    fixture.add_image("DISK-01", large_content);
    fixture.add_tree("MAIL-01");
    const std::uint64_t counter = fixture.context.random.counter;
    const SealedBytes first = fixture.seal();
    fixture.context.random.counter = counter;
    const SealedBytes second = fixture.seal();
    const std::size_t signature = first.bytes.find(signature_001, first.bytes.find(manifest_001));
    REQUIRE(signature != std::string::npos);
    const std::size_t end_of_manifest = first.bytes.find("</asic:ASiCManifest>", signature);
    CHECK(first.bytes.substr(0, end_of_manifest) == second.bytes.substr(0, end_of_manifest));
    CHECK(first.facts.manifest_sha256 == second.facts.manifest_sha256);
}

TEST_CASE("items stand in the order of their acquisition, and can be chosen") {
    SealFixture fixture;
    fixture.add_image("B", "b");
    fixture.add_image("A", "a");
    fixture.add_image("C", "c");
    CHECK(fixture.seal().facts.items == std::vector<std::string>{"B", "A", "C"});
    CHECK(fixture.seal(only({"C", "B", "C"})).facts.items == std::vector<std::string>{"B", "C"});
    CHECK(kind_of_failure([&] { fixture.seal(only({"A", "D"})); }, "D") == ErrorKind::not_found);
    CHECK(kind_of_failure([&] { fixture.seal(only({"a"})); }, "a") == ErrorKind::not_found);
}

TEST_CASE("events about other items are withheld from a package") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    fixture.add_image("SECRET-9", "b");
    const Opened package(fixture.seal(only({"A"})));
    const std::string ledger = package.entry("custody/ledger.jsonl");
    CHECK(ledger.find("\"A\"") != std::string::npos);
    CHECK(ledger.find("SECRET-9") == std::string::npos);
    CHECK(std::count(ledger.begin(), ledger.end(), '\n') == 3);
}

TEST_CASE("a recorded seal is known to the next one") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    SealRequest new_ones;
    new_ones.selection = ItemSelection::all_not_yet_sealed;
    const SealedPackage first = fixture.seal(new_ones).facts;
    CHECK(fixture.record(first) == std::vector<std::uint64_t>{2});
    REQUIRE(fixture.case_folder.ledger().checkpoints().size() == 1);
    CHECK(fixture.case_folder.ledger().checkpoints()[0].text == first.ledger_head);

    CHECK(kind_of_failure([&] { fixture.seal(new_ones); }, "nothing to seal") ==
          ErrorKind::refused);
    fixture.add_image("B", "b");
    const SealedBytes second = fixture.seal(new_ones);
    CHECK(second.facts.items == std::vector<std::string>{"B"});
    const PackageDocument document =
        parse_package_document(Opened(second).entry("package.json"), "package.json");
    REQUIRE(document.previous.has_value());
    CHECK(document.previous->file_sha256 == first.file_sha256);
    CHECK(document.previous->manifest_sha256 == first.manifest_sha256);
}

TEST_CASE("a seal is recorded item by item, each once, also when recording was interrupted") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    fixture.add_image("B", "b");
    fixture.add_image("C", "c");
    SealedPackage package = fixture.seal().facts;
    package.items = {"A", "B"};
    CHECK(fixture.record(package) == std::vector<std::uint64_t>{4, 5});
    package.items = {"A", "B", "C"};
    CHECK(fixture.record(package) == std::vector<std::uint64_t>{6});
    CHECK(fixture.record(package).empty());
    CHECK(fixture.case_folder.ledger().checkpoints().size() == 1);  // one package, one checkpoint
    CHECK(events_of_package(fixture.case_folder.ledger(), "seal", package.id).items ==
          std::set<std::string>{"A", "B", "C"});
}

TEST_CASE("some items of an earlier package can be sealed without the others") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    fixture.add_image("B", "b");
    fixture.record(fixture.seal().facts);
    const std::string ledger = Opened(fixture.seal(only({"A"}))).entry("custody/ledger.jsonl");
    CHECK(ledger.find("\"items\":[\"A\"]") != std::string::npos);
    CHECK(ledger.find("\"B\"") == std::string::npos);
}

TEST_CASE("an event about items inside and outside is refused by number") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    fixture.add_image("B", "b");
    // Our own ledger writes no such event; another program's may hold one.
    const Ledger& ledger = fixture.case_folder.ledger();
    LedgerStore store = LedgerStore::open(fixture.case_folder.folder() / "custody.db");
    insert_line(store, write_event(event("store", {"A", "B"}), fixture.author,
                                   {ledger.id(), ledger.case_number(), 3, ledger.head().hash},
                                   {ledger.find_item("A")->key, ledger.find_item("B")->key},
                                   fixture.context));
    CHECK(kind_of_failure([&] { fixture.seal(only({"B"})); }, "event 3 concerns B and A") ==
          ErrorKind::refused);
    CHECK_NOTHROW(fixture.seal(only({"A", "B"})));
}

TEST_CASE("a case without items is refused") {
    SealFixture fixture;
    CHECK(kind_of_failure([&] { fixture.seal(); }, "nothing to seal") == ErrorKind::refused);
}

TEST_CASE("an item whose bytes are not those of its record is refused by name") {
    SealFixture fixture;
    fixture.add_image("DISK-01", large_content);
    std::string content = large_content;
    const auto refused = [&](const std::string& changed) {
        fixture.overwrite_item_file("DISK-01", "image.img", changed);
        return kind_of_failure([&] { fixture.seal(); }, "DISK-01");
    };
    content[2 * mib] = 'y';
    CHECK(refused(content) == ErrorKind::refused);
    CHECK(refused(large_content.substr(1)) == ErrorKind::refused);
    CHECK(refused(large_content + "x") == ErrorKind::refused);
    CHECK(refused("") == ErrorKind::refused);
    fs::remove(fixture.item_file("DISK-01", "image.img"));
    CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::not_found);
}

TEST_CASE("a small item whose bytes changed is refused as well") {
    SealFixture fixture;
    fixture.add_image("DISK-01", "small");
    fixture.overwrite_item_file("DISK-01", "image.img", "smell");
    CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::refused);
}

TEST_CASE("files beside an item that differ from what was recorded are refused by name") {
    SealFixture fixture;
    fixture.add_image("DISK-01", large_content);
    fixture.add_tree("MAIL-01", "{\"errno\":13}\n");
    for (const auto& [item, name] :
         std::vector<std::pair<std::string, std::string>>{{"DISK-01", "acquisition.json"},
                                                          {"DISK-01", "pieces.txt"},
                                                          {"MAIL-01", "index.jsonl"},
                                                          {"MAIL-01", "omitted.jsonl"}}) {
        CAPTURE(name);
        const std::string before = read_small_file(fixture.item_file(item, name), mib);
        std::string changed = before;
        changed[changed.size() / 2] ^= 1;
        for (const std::string& wrong : {changed, before + before, std::string()}) {
            fixture.overwrite_item_file(item, name, wrong);
            CHECK(kind_of_failure([&] { fixture.seal(); }, item) == ErrorKind::refused);
        }
        fs::remove(fixture.item_file(item, name));
        CHECK(kind_of_failure([&] { fixture.seal(); }, item) == ErrorKind::not_found);
        fixture.write_item_file(item, name, before);
    }
    CHECK_NOTHROW(fixture.seal());
    fixture.write_item_file("DISK-01", "omitted.jsonl", "{}\n");
    CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::refused);
    fs::remove(fixture.item_file("DISK-01", "omitted.jsonl"));
    fixture.write_item_file("DISK-01", "map", "0x0 0x200 -\n");
    CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::refused);
}

TEST_CASE("a map of bad ranges comes to what the record says") {
    const std::string map = "0x0 +\n0 6 +\n6 2 -\n8 2 /\n";
    SealFixture fixture;
    SUBCASE("it does") {
        fixture.add_mapped_image("DISK-01", "0123450000", map, 4, 1);
        CHECK(Opened(fixture.seal()).entry("acquisition/000001.map") == map);
    }
    SUBCASE("it does not") {
        fixture.add_mapped_image("DISK-01", "0123450000", map, 2, 1);
        CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::refused);
    }
    SUBCASE("it is not there") {
        fixture.add_mapped_image("DISK-01", "0123450000", "", 4, 1);
        CHECK(kind_of_failure([&] { fixture.seal(); }, "DISK-01") == ErrorKind::not_found);
    }
}

TEST_CASE("an empty object is sealed as any other") {
    SealFixture fixture;
    fixture.add_image("EMPTY", "");
    CHECK(Opened(fixture.seal()).entry("data/000001.img").empty());
}

TEST_CASE("a clock that went backwards is refused") {
    SealFixture fixture;
    fixture.context.clock.time.milliseconds += 1;
    fixture.add_image("A", "a");
    fixture.context.clock.time.milliseconds -= 1;
    CHECK(kind_of_failure([&] { fixture.seal(); }, "later than now") == ErrorKind::refused);
}

TEST_CASE("a certificate that is not valid now is refused") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    fixture.context.clock.time.milliseconds += std::int64_t{6} * 365 * 86400 * 1000;
    CHECK(kind_of_failure([&] { fixture.seal(); }, "not valid now") == ErrorKind::crypto);
}

TEST_CASE("the events of a seal are recorded together or not at all") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    SealedPackage package = fixture.seal().facts;
    package.items.push_back("UNKNOWN");
    CHECK(kind_of_failure([&] { fixture.record(package); }, "UNKNOWN") == ErrorKind::not_found);
    CHECK(events_of_package(fixture.case_folder.ledger(), "seal", package.id).items.empty());
    CHECK(fixture.case_folder.ledger().checkpoints().empty());
}

TEST_CASE("a checkpoint that was not recorded with its seal is added") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    const SealedPackage package = fixture.seal().facts;
    Ledger& ledger = fixture.case_folder.ledger();
    EventDraft draft = event("seal", {"A"});
    draft.detail = Json::object({{"package", package.id}});
    ledger.append(draft, fixture.author, fixture.context);
    CHECK(fixture.record(package).empty());
    REQUIRE(ledger.checkpoints().size() == 1);
    CHECK(ledger.checkpoints().front().text == package.ledger_head);
    CHECK(fixture.record(package).empty());
    CHECK(ledger.checkpoints().size() == 1);
}

TEST_CASE("a condition without text is refused") {
    SealFixture fixture;
    fixture.add_image("A", "a");
    SealRequest request;
    request.conditions.push_back(Json::object({{"kind", "use-limit"}}));
    CHECK(kind_of_failure([&] { fixture.seal(request); }, "conditions") == ErrorKind::malformed);
}

TEST_CASE("an output that fails stops the seal, also from the threads that copy") {
    SealFixture fixture;
    fixture.add_image("DISK-01", large_content);
    for (const std::uint64_t room : {std::uint64_t{0}, 2 * mib, 3 * mib + 4096}) {
        std::uint64_t written = 0;
        CHECK(kind_of_failure(
                  [&] {
                      evidence::seal(
                          fixture.case_folder, {}, fixture.identity, fixture.author,
                          [&](ByteView bytes) {
                              written += bytes.size();
                              if (written > room) throw Error(ErrorKind::io, "no space left");
                          },
                          fixture.context);
                  },
                  "no space left") == ErrorKind::io);
    }
}

TEST_CASE("the user's wish to stop is heard while an object is copied") {
    SealFixture fixture;
    fixture.add_image("DISK-01", std::string(30 * mib, 'x'));
    CHECK(kind_of_failure(
              [&] {
                  evidence::seal(
                      fixture.case_folder, {}, fixture.identity, fixture.author,
                      [&](ByteView bytes) {
                          if (bytes.size() == mib) fixture.context.interrupted = true;
                      },
                      fixture.context);
              },
              "") == ErrorKind::interrupted);
}

namespace {

// Fails in every thread but the one it was made in: where records get their salts.
class RandomOfOneThread : public RandomSource {
public:
    explicit RandomOfOneThread(RandomSource& source) : source_(source) {}
    void fill(MutableByteView bytes) override {
        if (std::this_thread::get_id() == thread_) return source_.fill(bytes);
        failed = true;
        failed.notify_all();
        throw Error(ErrorKind::io, "no random bytes");
    }
    std::atomic<bool> failed = false;

private:
    RandomSource& source_;
    std::thread::id thread_ = std::this_thread::get_id();
};

}  // namespace

TEST_CASE("records that fail stop the seal before all of the payload is written") {
    constexpr std::size_t payload = 64 * mib;
    SealFixture fixture;
    fixture.add_image("DISK-01", std::string(payload, 'x'));
    RandomOfOneThread random(fixture.context.random);
    const Context context{fixture.context.clock, random, fixture.context.progress,
                          fixture.context.interrupted, fixture.context.scratch.path()};
    std::uint64_t written = 0;
    CHECK(kind_of_failure(
              [&] {
                  evidence::seal(
                      fixture.case_folder, {}, fixture.identity, fixture.author,
                      [&](ByteView bytes) {
                          written += bytes.size();
                          if (bytes.size() == mib) random.failed.wait(false);
                      },
                      context);
              },
              "no random bytes") == ErrorKind::io);
    CHECK(written < payload);
}

namespace {

// A case and an authority that answers, or does not, and counts.
struct Stamping {
    SealFixture fixture;
    TestTsa tsa;
    TimestampAuthority authority;
    SealRequest request;
    int asked = 0, answers = 100;

    Stamping() {
        fixture.add_image("DISK-1", "bytes");
        request.timestamp = TimestampPolicy::included;
        request.authority = &authority;
        authority.name = "the authority";
        authority.exchange = [this](ByteView query) {
            if (++asked > answers) throw Error(ErrorKind::io, "no answer");
            return tsa.reply(query);
        };
    }
};

}  // namespace

TEST_CASE("time-stamps stand last, each over the manifest of its signature") {
    Stamping test;
    const SealedBytes sealed = test.fixture.seal(test.request);
    const Opened package(sealed);
    CHECK(test.asked == 3);
    REQUIRE(sealed.facts.time_stamp);
    CHECK(sealed.facts.time_stamp->tsa == test_pki().certificate("tsa"));
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    for (const TimestampNames& names : time_stamp_names) {
        std::vector<ListedFile> files;
        for (const std::string_view name : names.covered) {
            files.push_back({std::string(name), sha256(package.entry(name))});
        }
        const std::string manifest = package.entry(names.manifest);
        CHECK(manifest == asic_manifest(names.token, files));
        CHECK(check_timestamp(as_bytes(package.entry(names.token)), as_bytes(manifest), trust)
                  .is_trusted());
    }
    CHECK(package.names().back() == "META-INF/timestamp004.tst");
    CHECK(parse_package_document(package.entry("package.json"), "").timestamp ==
          TimestampPolicy::included);
}

TEST_CASE("signatures of level B-T hold their own time-stamps, which others then cover") {
    Stamping test;
    test.request.signature_time_stamps = true;
    const Opened package(test.fixture.seal(test.request));
    CHECK(test.asked == 5);
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    for (const TimestampNames& names : time_stamp_names) {
        const std::string manifest = package.entry(names.covered[0]);
        const std::string signature = package.entry(names.covered[1]);
        const DetachedSignature checked =
            check_detached(as_bytes(signature), as_bytes(manifest), names.covered[1]);
        CHECK(checked.findings.all().empty());
        CHECK(check_timestamp(checked.time_stamp, checked.signature_value, trust).is_trusted());
        CHECK(package.entry(names.manifest) ==
              asic_manifest(names.token, {{std::string(names.covered[0]), sha256(manifest)},
                                          {std::string(names.covered[1]), sha256(signature)}}));
    }
}

TEST_CASE("an authority that does not answer is found out before anything is written") {
    Stamping test;
    std::size_t written = 0;
    const auto attempt = [&] {
        seal(
            test.fixture.case_folder, test.request, test.fixture.identity, test.fixture.author,
            [&written](ByteView bytes) { written += bytes.size(); }, test.fixture.context);
    };
    test.answers = 0;
    CHECK(kind_of_failure(attempt, "no answer") == ErrorKind::io);
    CHECK(written == 0);
    test.asked = 0;
    test.answers = 2;
    CHECK(kind_of_failure(attempt, "no answer") == ErrorKind::io);
    CHECK(written > 0);
}

TEST_CASE("a time-stamp older than what it is about is refused") {
    Stamping test;
    test.fixture.context.clock.time.milliseconds += std::int64_t{4} * 365 * 86'400'000;
    CHECK(kind_of_failure([&] { test.fixture.seal(test.request); }, "is older than") ==
          ErrorKind::refused);
}
