// A case with items acquired by hand, and a signer, in a temporary folder: what sealing starts
// from.
#pragma once

#include <doctest/doctest.h>

#include <functional>

#include "acquisition/ewf_writer.h"
#include "base/atomic_file.h"
#include "base/hex.h"
#include "custody/case_folder.h"
#include "digest/crc32.h"
#include "digest/pieces.h"
#include "package/seal.h"
#include "package/zip_reader.h"
#include "sample.h"
#include "test_context.h"

namespace evidence::test {

// EC P-256, self-signed.
inline SigningIdentity make_identity(const TemporaryFolder& folder, const Context& context,
                                     const std::string& name = "Test Officer") {
    const NewIdentity made = create_identity(name, "Test Authority", "VN", context);
    const fs::path key = folder / ("key" + random_hex_128(context.random));
    const fs::path certificate = folder / ("cert" + random_hex_128(context.random));
    write_new_file(key, as_bytes(made.key_pem));
    write_new_file(certificate, as_bytes(made.certificate_pem));
    return load_identity({key, certificate, {}}, nullptr);
}

inline EventDraft event(std::string type, std::vector<std::string> items = {}) {
    EventDraft draft;
    draft.type = std::move(type);
    draft.items = std::move(items);
    draft.place = "Hà Nội";
    return draft;
}

struct SealedBytes {
    SealedPackage facts;
    std::string bytes;
};

class SealFixture {
public:
    TestContext context;
    TemporaryFolder folder;
    SigningIdentity identity = make_identity(folder, context);
    EventAuthor author{{"Test Officer", "Test Authority", "investigator", {}, {}}, &identity};
    CaseFolder case_folder = CaseFolder::create(
        folder / "case", {"C-7", "A case", "Test Officer", "Test Authority", "VN"}, author,
        event("open"), context);

    fs::path item_file(const std::string& id, const std::string& name) const {
        return case_folder.item_folder(id) / name;
    }

    void add_image(const std::string& id, std::string_view content) {
        Json record = acquisition_record(id, "image", content);
        if (content.size() > piece_bytes) {
            std::string pieces;
            PieceHasher hasher([&](const Sha256& piece) { pieces += to_hex(piece) + "\n"; });
            hasher.update(as_bytes(content));
            hasher.finish();
            record.set("pieces_root", to_hex(hasher.root()));
            write_item_file(id, "pieces.txt", pieces);
        }
        add_item(id, record, "image.img", content);
    }

    // A small image with a map of bad ranges, and what the record says the map comes to.
    void add_mapped_image(const std::string& id, std::string_view content, const std::string& map,
                          int bad_bytes, int ranges) {
        Json record = acquisition_record(id, "image", content);
        record.set("map", Json::object({{"bad_bytes", bad_bytes}, {"ranges", ranges}}));
        if (!map.empty()) write_item_file(id, "map", map);
        add_item(id, record, "image.img", content);
    }

    // An E01 set of one file, whose chunks are stored; `damage` is given its bytes before they are
    // measured.
    void add_ewf(const std::string& id, std::string_view content,
                 const std::function<void(std::string& set)>& damage = {}) {
        const TemporaryFolder made;
        EwfOptions options;
        options.folder = made.path();
        options.media_bytes = content.size();
        options.compression = EwfCompression::none;
        options.header.acquired_at = context.clock.now();
        EwfWriter writer(options);
        const ByteView bytes = as_bytes(content);
        writer.write({&bytes, 1}, 0);
        writer.finish({}, {});
        std::string set = read_small_file(made / "image.E01", mib);
        if (damage) damage(set);
        Json record = acquisition_record(id, "e01", content);
        SegmentFacts file{
            set.size(), {{Algorithm::sha256, sha256_hex(set)}}, crc32(0, as_bytes(set)), {}};
        record.set("segments", to_json(std::vector{file}));
        add_item(id, record, "image.E01", set);
    }

    // The captured tree of the sample package.
    void add_tree(const std::string& id, const std::string& omitted = {}) {
        const Sample sample;
        const std::string tar = sample.entry("data/000002.tar");
        const std::string index = index_of_sample(sample, id);
        Json record = acquisition_record(id, "tree", tar);
        record.set("index_sha256", sha256_hex(index));
        Json account = Json::object(
            {{"changed", 0}, {"collected", 5}, {"excluded", 0}, {"failed", 0}, {"seen", 5}});
        if (!omitted.empty()) account.set("omitted_sha256", sha256_hex(omitted));
        record.set("account", account);
        write_item_file(id, "index.jsonl", index);
        if (!omitted.empty()) write_item_file(id, "omitted.jsonl", omitted);
        add_item(id, record, "tree.tar", tar);
    }

    void write_item_file(const std::string& id, const std::string& name, std::string_view content) {
        create_folders(case_folder.item_folder(id));
        write_new_file(item_file(id, name), as_bytes(content));
    }

    // As an attacker or a failing disk would.
    void overwrite_item_file(const std::string& id, const std::string& name,
                             std::string_view content) {
        fs::remove(item_file(id, name));
        write_item_file(id, name, content);
    }

    SealedBytes seal(const SealRequest& request = {}) {
        SealedBytes sealed;
        SealRequest named = request;
        named.tool_name = "evidence-seal";
        named.tool_version = "test";
        sealed.facts = evidence::seal(
            case_folder, named, identity, author,
            [&sealed](ByteView bytes) { sealed.bytes += as_text(bytes); }, context);
        return sealed;
    }

    std::vector<std::uint64_t> record(const SealedPackage& package) {
        return record_seal(case_folder, package, event("seal"), author, context);
    }

private:
    Json acquisition_record(const std::string& id, const std::string& method,
                            std::string_view content) {
        return Json::object({{"case", case_folder.details().number},
                             {"clock", Json::object({{"offset_ms", 0}, {"source", "manual"}})},
                             {"completed_at", format_utc(context.clock.time)},
                             {"crc32", crc32_hex(crc32(0, as_bytes(content)))},
                             {"digests", Json::object({{"sha256", sha256_hex(content)}})},
                             {"format", "evidence-acquisition/1"},
                             {"item", id},
                             {"method", method},
                             {"salt", random_hex_128(context.random)},
                             {"size_bytes", content.size()},
                             {"source", Json::object({{"path", "/dev/" + id}})},
                             {"started_at", format_utc(context.clock.time)},
                             {"tool", Json::object({{"name", "test"}, {"version", "1"}})},
                             {"zone", "+07:00"}});
    }

    void add_item(const std::string& id, const Json& record, const std::string& object,
                  std::string_view content) {
        const std::string document = canonical(record) + "\n";
        write_item_file(id, "acquisition.json", document);
        write_item_file(id, object, content);
        EventDraft draft = event("acquire", {id});
        draft.digests_after[id] = digest_set_from_json(record.at("digests"), id);
        draft.detail = Json::object({{"acquisition_sha256", sha256_hex(document)},
                                     {"method", record.at("method")},
                                     {"size_bytes", record.at("size_bytes")},
                                     {"tool", "test"}});
        ItemRow row;
        row.id = id;
        row.acquisition_sha256 = sha256_hex(document);
        context.random.fill(row.key);
        case_folder.ledger().append(draft, author, context, row);
    }

    // index.jsonl as a capture writes it: without object and salt.
    static std::string index_of_sample(const Sample& sample, const std::string& id) {
        const std::string lines = sample.entry("items.jsonl");
        std::string index;
        for (std::size_t start = 0; start < lines.size(); start = lines.find('\n', start) + 1) {
            const Json line =
                parse_canonical(lines.substr(start, lines.find('\n', start) - start), "sample");
            if (line.at("record").at("kind").string() != "entry") continue;
            Json at = Json::object({});
            if (const Json* offset = line.at("at").find("offset_bytes")) {
                at.set("offset_bytes", *offset);
            }
            Json record = Json::object({});
            for (const Json::Member& member : line.at("record").members()) {
                if (member.first != "salt") record.set(member.first, member.second);
            }
            record.set("item", id);
            index += canonical(Json::object({{"at", at}, {"record", record}})) + "\n";
        }
        return index;
    }
};

}  // namespace evidence::test
