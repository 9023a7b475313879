// Records and the objects they describe, in packages whose signatures are in order.
#include "base/error.h"
#include "verification/package_editor.h"

using namespace evidence;
using test::EditedPackage;
using test::failed_codes;
using test::failures;
using test::PackageEditor;

namespace {

std::string random_looking(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * i + i / 7) % 251);
    return bytes;
}

// The record of an object of these bytes, with what `line` says about its item.
RecordLine segment_line(const RecordLine& line, std::string_view bytes, int number, int segments) {
    RecordLine segment;
    segment.object = "data/00000" + std::to_string(number) + ".00" + std::to_string(number - 1);
    segment.record = Json::object({{"crc32", crc32_hex(crc32(0, as_bytes(bytes)))},
                                   {"digests", Json::object({{"sha256", sha256_hex(bytes)}})},
                                   {"format", record_format},
                                   {"item", line.record.at("item")},
                                   {"kind", "segment"},
                                   {"salt", std::string(32, static_cast<char>('0' + number))},
                                   {"segment", number},
                                   {"segments", segments},
                                   {"size_bytes", bytes.size()}});
    if (number > 1) return segment;
    for (const char* key : {"acquisition_sha256", "item_key", "kind", "source"}) {
        segment.record.set(key, line.record.at(key));
    }
    segment.record.set("media", Json::object({{"digests", line.record.at("digests")},
                                              {"size_bytes", line.record.at("size_bytes")}}));
    return segment;
}

// DISK-1 in three segments, as another program would write it.
struct Split : EditedPackage {
    const std::string disk = random_looking(900'000);
    const std::string part[3] = {disk.substr(0, 400'000), disk.substr(400'000, 400'000),
                                 disk.substr(800'000)};
    PackageEditor package = make();

    PackageEditor make() {
        fixture.add_image("DISK-1", disk);
        PackageEditor edited = seal();
        edited.remove("data/000001.img");
        std::string lines;
        edited.edit_records([&](const RecordLine& line) {
            for (int k = 1; k <= 3; ++k) {
                const RecordLine segment = segment_line(line, part[k - 1], k, 3);
                edited.insert(segment.object, part[k - 1]);
                lines += format_record_line(segment);
            }
            return true;
        });
        edited.at("items.jsonl") = lines;
        return edited;
    }
    std::string codes() { return failed_codes(reseal_and_verify(package)); }
    // Changes one member of the record of segment `number`.
    void set(int number, const char* key, Json value) {
        int at = 0;
        package.edit_records([&](RecordLine& line) {
            if (++at == number) line.record.set(key, std::move(value));
            return true;
        });
    }
};

}  // namespace

TEST_CASE("an item in segments passes") {
    Split split;
    const VerificationReport report = split.reseal_and_verify(split.package);
    INFO(failures(report));
    CHECK(report.verdict() == Verdict::total_passed);
    REQUIRE(report.objects.size() == 3);
    CHECK(report.objects[2].item == "DISK-1");
    CHECK(report.objects[2].kind == "segment");
}

TEST_CASE("segments are numbered without gaps and belong to the item before them") {
    Split split;
    SUBCASE("a number twice") { split.set(3, "segment", 2); }
    SUBCASE("another count") { split.set(2, "segments", 4); }
    SUBCASE("one more promised") { split.set(1, "segments", 4); }
    SUBCASE("another item") { split.set(2, "item", "DISK-2"); }
    CHECK(split.codes().find("records.segment-order") != std::string::npos);
}

TEST_CASE("segments together are the medium") {
    Split split;
    SUBCASE("other bytes, truly recorded") {
        std::string& last = split.package.at("data/000003.002");
        last.back() = '!';
        split.set(3, "digests", Json::object({{"sha256", sha256_hex(last)}}));
        split.set(3, "crc32", crc32_hex(crc32(0, as_bytes(last))));
        CHECK(split.codes() == "content.medium-mismatch");
    }
    SUBCASE("another medium than was acquired") {
        split.set(1, "media",
                  Json::object({{"digests", Json::object({{"sha256", sha256_hex("x")}})},
                                {"size_bytes", split.disk.size()}}));
        CHECK(split.codes() ==
              "acquisition.mismatch content.medium-mismatch custody.acquire-mismatch");
    }
}

TEST_CASE("an acquisition file stands under the number of the first object") {
    Split split;
    split.package.insert("acquisition/000002.json", split.package.at("acquisition/000001.json"));
    CHECK(split.codes() == "zip.unexpected-entry");
}

TEST_CASE("the content of an E01 image is what was recorded, and is read to see that") {
    const std::string disk = random_looking(300 * 512);
    {
        EditedPackage check;
        check.fixture.add_ewf("DISK-1", disk);
        PackageEditor package = check.seal();
        const VerificationReport report = check.reseal_and_verify(package);
        INFO(failures(report));
        CHECK(failed_codes(report).empty());
    }
    {
        EditedPackage check;
        check.fixture.add_ewf("DISK-1", disk);
        PackageEditor package = check.seal();
        package.edit_records([](RecordLine& line) {
            Json media = line.record.at("media");
            media.set("digests", Json::object({{"sha256", std::string(64, '0')}}));
            line.record.set("media", media);
            return true;
        });
        CHECK(failed_codes(check.reseal_and_verify(package)) ==
              "acquisition.mismatch content.medium-mismatch custody.acquire-mismatch");
    }
    // Whoever made the set and the record wrote them so: only the content itself tells.
    for (const char* damage : {"a chunk", "the end"}) {
        CAPTURE(damage);
        EditedPackage check;
        check.fixture.add_ewf("DISK-1", disk, [&](std::string& set) {
            if (std::string_view(damage) == "the end") {
                set.resize(set.size() - 1);
                return;
            }
            const std::size_t at = set.find(disk.substr(1000, 100));
            REQUIRE(at != std::string::npos);
            set[at] ^= 1;
        });
        PackageEditor package = check.seal();
        CHECK(failed_codes(check.reseal_and_verify(package)) == "content.medium-mismatch");
    }
}

TEST_CASE("the segments of a package are those that were acquired") {
    EditedPackage check;
    check.fixture.add_ewf("DISK-1", random_looking(300 * 512));
    PackageEditor package = check.seal();
    // Another set with the same content: what its header says would be believed.
    package.at("data/000001.E01") += "behind the end";
    package.edit_records([&](RecordLine& line) {
        const std::string& set = package.at("data/000001.E01");
        line.record.set("crc32", crc32_hex(crc32(0, as_bytes(set))));
        line.record.set("digests", Json::object({{"sha256", sha256_hex(set)}}));
        line.record.set("size_bytes", set.size());
        return true;
    });
    CHECK(failed_codes(check.reseal_and_verify(package)) == "acquisition.mismatch");
}

TEST_CASE("segments are named in their order, and an E01 image always has a medium") {
    {
        Split split;
        split.package.insert("data/000002.777", split.package.at("data/000002.001"));
        split.package.remove("data/000002.001");
        split.package.edit_records([](RecordLine& line) {
            if (line.object == "data/000002.001") line.object = "data/000002.777";
            return true;
        });
        CHECK(split.codes() == "payload.wrong-extension");
    }
    EditedPackage check;
    check.fixture.add_ewf("DISK-1", random_looking(300 * 512));
    PackageEditor package = check.seal();
    CHECK_THROWS_AS(package.edit_records([](RecordLine& line) {
        Json without = Json::object({});
        for (const auto& [name, value] : line.record.members()) {
            if (name != "media" && name != "segment" && name != "segments") {
                without.set(name, value);
            }
        }
        line.record = without;
        check_record_line(line, "items.jsonl");
        return true;
    }),
                    Error);
}

TEST_CASE("the name of an object tells its kind") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    for (const char* name : {"data/000001.tar", "data/000001.bin", "data/000001.E01"}) {
        CAPTURE(name);
        PackageEditor package = check.seal();
        package.insert(name, package.at("data/000001.img"));
        package.remove("data/000001.img");
        package.edit_records([&](RecordLine& line) {
            line.object = name;
            return true;
        });
        CHECK(failed_codes(check.reseal_and_verify(package)) == "payload.wrong-extension");
    }
}

TEST_CASE("an item stands once, whatever the case of its id") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    check.fixture.add_image("TABLET-1", "more bytes");
    for (const char* id : {"DISK-1", "disk-1"}) {
        CAPTURE(id);
        PackageEditor package = check.seal();
        package.edit_records([&](RecordLine& line) {
            if (line.object == "data/000002.img") line.record.set("item", id);
            return true;
        });
        CHECK(check.reseal_and_verify(package).findings.has("records.item-duplicate"));
    }
}

TEST_CASE("a list of pieces that goes on with a long line is malformed") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", random_looking(1'100'000));
    PackageEditor package = check.seal();
    package.at("pieces/000001.txt") += std::string(100, 'a') + "\n";
    CHECK(failed_codes(check.reseal_and_verify(package)) == "pieces.malformed");
}

TEST_CASE("a map of bad ranges is there exactly when the acquisition record sums it up") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    PackageEditor package = check.seal();
    package.insert("acquisition/000001.map", "0x0 0x200 -\n");
    CHECK(failed_codes(check.reseal_and_verify(package)) == "acquisition.mismatch");
}

TEST_CASE("a map of bad ranges comes to what the acquisition record says") {
    EditedPackage check;
    check.fixture.add_mapped_image("DISK-1", "0123", "0 +\n0 2 +\n2 2 -\n", 2, 1);
    PackageEditor package = check.seal();
    CHECK(failed_codes(check.verify(package)) == "acquisition.unread-ranges");
    const std::string both = "acquisition.mismatch acquisition.unread-ranges";
    package.at("acquisition/000001.map") = "0 +\n0 3 +\n3 1 -\n";
    CHECK(failed_codes(check.reseal_and_verify(package)) == both);
    package.remove("acquisition/000001.map");
    CHECK(failed_codes(check.reseal_and_verify(package)) == both);
    package.insert("acquisition/000001.map", "no map\n");
    CHECK(check.reseal_and_verify(package).findings.has("document.malformed"));
}

TEST_CASE("files of an origin belong only in a disclosure") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    PackageEditor package = check.seal();
    package.insert("origin/terms.json", "{}\n");
    CHECK(failed_codes(check.reseal_and_verify(package)) == "zip.unexpected-entry");
}

TEST_CASE("a second acquire event of an item is one too many") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    EventDraft again = test::event("acquire", {"DISK-1"});
    again.digests_after["DISK-1"] = {{Algorithm::sha256, sha256_hex("bytes")}};
    again.detail = Json::object(
        {{"acquisition_sha256",
          sha256_hex(read_small_file(check.fixture.item_file("DISK-1", "acquisition.json"), mib))},
         {"method", "image"},
         {"size_bytes", 5},
         {"tool", "test"}});
    check.fixture.case_folder.ledger().append(again, check.fixture.author, check.fixture.context);
    PackageEditor package = check.seal();
    CHECK(failed_codes(check.verify(package)) == "custody.acquire-mismatch");
}

TEST_CASE("created_at lies inside the validity of the signer's certificate") {
    EditedPackage check;
    check.fixture.add_image("DISK-1", "bytes");
    PackageEditor package = check.seal();
    const UtcTime end = check.fixture.identity.certificate.not_after();
    const auto created_at = [&](UtcTime time) {
        PackageDocument document = parse_package_document(package.at("package.json"), "");
        TermsDocument terms = parse_terms_document(package.at("terms.json"), "");
        document.created_at = terms.created_at = time;
        package.at("package.json") = format_package_document(document);
        package.at("terms.json") = format_terms_document(terms);
        check.fixture.context.clock.time = {end.milliseconds - 60'000};
        return failed_codes(check.reseal_and_verify(package));
    };
    CHECK(created_at(end) == "");
    CHECK(created_at({end.milliseconds + 60'000}) == "time.inconsistent");
}
