#include "verification/extract.h"

#include <algorithm>
#include <map>
#include <optional>

#include "acquisition/free_space.h"
#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "base/printable.h"
#include "package/record.h"
#include "package/zip_reader.h"
#include "verification/extracted_content.h"
#include "verification/extracted_names.h"
#include "verification/extraction_folder.h"
#include "verification/extraction_record.h"

namespace evidence {
namespace {

const ZipEntry& item_records_of(const ZipStructure& structure, const File& package) {
    if (const ZipEntry* entry = structure.find("items.jsonl")) return *entry;
    throw Error(ErrorKind::refused, "nothing to extract: " + package.name() +
                                        " (expected records of objects in items.jsonl)");
}

// items.jsonl as it is read, with its digest.
class RecordBytes {
public:
    RecordBytes(const File& package, const ZipEntry& entry)
        : package_(package), offset_(entry.data_offset()), left_(entry.size) {}

    // 0 at the end.
    std::size_t read(MutableByteView buffer) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left_));
        const std::size_t got = package_.read_at(buffer.first(wanted), offset_);
        hasher_.update(buffer.first(got));
        offset_ += got;
        left_ = got < wanted ? 0 : left_ - got;  // a file that became shorter has another digest
        return got;
    }

    // The digest, in hex, also over what nobody read.
    std::string finish() {
        Bytes buffer(64 * kib);
        while (read(buffer) > 0) continue;
        return to_hex(hasher_.finish_sha256());
    }

private:
    const File& package_;
    std::uint64_t offset_, left_;
    Hasher hasher_{Algorithm::sha256};
};

class Extraction {
public:
    Extraction(const File& package, const VerificationReport& report, const fs::path& folder,
               const Context& context)
        : kind_(report.is_disclosure ? PackageKind::disclosure : PackageKind::seal),
          package_(package),
          report_(report),
          context_(context),
          structure_(read_zip_structure(package, ignored_)),
          records_(item_records_of(structure_, package)),
          folder_(folder, context.random),
          record_(create_record()) {
        for (const VerifiedObject& object : report.objects) objects_.emplace(object.name, &object);
        facts_.folder = folder.native();
    }

    ExtractionFacts run() {
        warn_of_room();
        context_.progress.start("extracting", payload_bytes());
        visit_records([this](const RecordLine& line) {
            if (line.is_entry()) {
                if (line.object != object_name_) begin_cut_object(line);
                extract_entry(line);
            } else {
                extract_object(line);
            }
        });
        finish_folders();
        record_.finish(Json::object({{"extracted", facts_.extracted},
                                     {"format", "evidence-extraction/1"},
                                     {"manifest_sha256", report_.manifest_sha256},
                                     {"not_extracted", facts_.not_extracted},
                                     {"package", report_.package_id},
                                     {"verdict", name_of(report_.verdict())}}));
        context_.progress.finish();
        folder_.commit();
        return facts_;
    }

private:
    File create_record() {
        File file;
        const Placement placed = folder_.create_file(extraction_record_name, file);
        if (!placed.is_there()) {
            throw Error(ErrorKind::io, "cannot create: " + std::string(extraction_record_name) +
                                           " (" + placed.refusal + ")");
        }
        return file;
    }

    // Only a warning: zeros in images take no room.
    void warn_of_room() const {
        const auto free_bytes = free_bytes_at(folder_.temporary_path());
        if (!free_bytes || *free_bytes >= payload_bytes()) return;
        context_.progress.warn("there may be too little room in " +
                               printable(folder_.temporary_path().parent_path().native()) + ": " +
                               std::to_string(*free_bytes) + " bytes are free, up to " +
                               std::to_string(payload_bytes()) + " are needed");
    }

    std::uint64_t payload_bytes() const {
        std::uint64_t bytes = 0;
        for (const VerifiedObject& object : report_.objects) bytes += object.size_bytes;
        return bytes;
    }

    // Both what to extract and what it must be stands in the records, so that each time they must
    // be those that were verified.
    template <typename Visitor>
    void visit_records(const Visitor& visit) {
        RecordBytes bytes(package_, records_);
        LineReader lines([&bytes](MutableByteView buffer) { return bytes.read(buffer); },
                         records_.name, json_max_line_bytes);
        std::string record_bytes;
        while (const auto text = next_line(lines)) {
            std::optional<RecordLine> line;
            try {
                line = parse_record_line(*text, records_.name, record_bytes, kind_);
            } catch (const Error& error) {
                if (error.kind() != ErrorKind::malformed) throw;
                continue;  // the verification has said so
            }
            visit(*line);
        }
        if (bytes.finish() != report_.records_sha256) throw_changed();
    }

    static std::optional<std::string_view> next_line(LineReader& lines) try {
        return lines.next();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        return std::nullopt;  // nothing behind an endless line can be made out
    }

    void find_object(const RecordLine& line) {
        object_name_ = line.object;
        const auto found = objects_.find(line.object);
        object_ = found == objects_.end() ? nullptr : found->second;
    }

    // A disclosure may give a file of a tree as an object of its own.
    void begin_cut_object(const RecordLine& line) {
        find_object(line);
        names_.begin_object(line.record);
    }

    void extract_object(const RecordLine& line) {
        if (line.object.empty()) return;  // only its record is given
        find_object(line);
        Json entry = Json::object({{"entry", line.object},
                                   {"item", line.record.at("item")},
                                   {"kind", line.record.at("kind")}});
        if (!object_ || object_->item != line.record.at("item").string()) {
            object_ = nullptr;
            return leave_out(entry, "no such object in the package");
        }
        names_.begin_object(line.record);
        for (const char* member : {"source", "source_bytes"}) {
            if (const Json* value = line.record.find(member)) entry.set(member, *value);
        }
        entry.set("size_bytes", object_->size_bytes);
        if (object_->kind == "tree") return begin_tree(entry);
        const ContentRange range{object_->offset_in_package_bytes, object_->size_bytes};
        if (!object_->intact) return leave_out(entry, "damaged");
        extract_content(entry, range, names_.path_of_object(), line.record, std::nullopt);
    }

    // A tree is not extracted as the tar it travels in.
    void begin_tree(Json& entry) {
        const Placement placed = folder_.create_folder(names_.item_folder());
        if (!placed.is_there()) return leave_out(entry, placed.refusal);
        entry.set("result", object_->intact ? "unpacked" : "unpacked-where-intact");
        set_text_or_bytes(entry, "path", placed.path);
        record_.add(entry);
    }

    void extract_entry(const RecordLine& line) {
        const Json& record = line.record;
        Json entry = Json::object({{"entry", line.object},
                                   {"item", record.at("item")},
                                   {"kind", "entry"},
                                   {"type", record.at("type")}});
        for (const char* member :
             {"name", "name_bytes", "target", "target_bytes", "mode", "mtime", "size_bytes"}) {
            if (const Json* value = record.find(member)) entry.set(member, *value);
        }
        if (line.offset_bytes) entry.set("offset_bytes", *line.offset_bytes);
        if (!object_ || object_->name != line.object) {
            return leave_out(entry, "no such object in the package");
        }
        const std::string name = text_or_bytes(record, "name");
        if (!is_safe_path(name)) return leave_out(entry, "unsafe name");
        const std::string path = names_.item_folder() + "/" + name;
        const std::string& type = record.at("type").string();
        if (type == "directory") {
            place(entry, folder_.create_folder(path));
        } else if (type == "file") {
            extract_file(entry, line, path);
        } else if (type == "hardlink") {
            extract_link(entry, text_or_bytes(record, "target"), path);
        } else {
            leave_out(entry, "a " + type + " is not made");
        }
    }

    void extract_link(Json& entry, const std::string& target, const std::string& path) {
        if (!is_safe_path(target)) return leave_out(entry, "unsafe name of what it is a link to");
        place(entry, folder_.link(names_.item_folder() + "/" + target, path));
    }

    void extract_file(Json& entry, const RecordLine& line, const std::string& path) {
        const std::uint64_t size = line.record.at("size_bytes").size();
        const std::uint64_t offset = line.offset_bytes.value_or(0);
        if (offset > object_->size_bytes || size > object_->size_bytes - offset) {
            return leave_out(entry, "outside the object");
        }
        extract_content(entry, {object_->offset_in_package_bytes + offset, size}, path, line.record,
                        line.record);
    }

    // `attributes`: where mode and mtime stand.
    void extract_content(Json& entry, ContentRange range, const std::string& path,
                         const Json& record, const std::optional<Json>& attributes) {
        const std::string expected =
            digest_set_from_json(record.at("digests"), records_.name).at(Algorithm::sha256);
        entry.set("sha256", expected);
        File file;
        const Placement placed = folder_.create_file(path, file);
        if (!placed.is_there()) return leave_out(entry, placed.refusal);
        if (to_hex(copy_content(package_, range, file, context_)) != expected) {
            folder_.remove(placed.path);
            if (object_->intact) throw_differs();
            return leave_out(entry, "damaged");
        }
        if (attributes) {
            ExtractionFolder::finish_file(file, mode_of(*attributes), mtime_of(*attributes));
        }
        file.close();
        place(entry, placed);
    }

    // What was intact a moment ago; after a quick verification it may never have been.
    [[noreturn]] void throw_differs() const {
        if (!object_->digest_recomputed) {
            throw Error(ErrorKind::refused, "not what its record says: " + object_->name +
                                                " (expected the digest that was not computed with "
                                                "--quick)");
        }
        throw_changed();
    }

    [[noreturn]] void throw_changed() const {
        throw Error(ErrorKind::io, "package changed while it was extracted: " + package_.name() +
                                       " (expected nobody to write to it)");
    }

    void place(Json& entry, const Placement& placed) {
        if (!placed.is_there()) return leave_out(entry, placed.refusal);
        set_text_or_bytes(entry, "path", placed.path);
        entry.set("result", "extracted");
        record_.add(entry);
        ++facts_.extracted;
    }

    void leave_out(Json& entry, const std::string& reason) {
        entry.set("reason", reason);
        entry.set("result", "not-extracted");
        record_.add(entry);
        ++facts_.not_extracted;
    }

    // Once nothing more is put into them: making a file changes the time of its folder.
    void finish_folders() {
        visit_records([this](const RecordLine& line) {
            if (!line.is_entry() || line.record.at("type").string() != "directory") return;
            const std::string name = text_or_bytes(line.record, "name");
            if (!is_safe_path(name)) return;
            folder_.finish_folder(item_folder_of(line.record) + "/" + name, mode_of(line.record),
                                  mtime_of(line.record));
        });
    }

    Findings ignored_;
    const PackageKind kind_;
    const File& package_;
    const VerificationReport& report_;
    const Context& context_;
    ZipStructure structure_;
    const ZipEntry& records_;
    ExtractionFolder folder_;
    ExtractionRecord record_;
    std::map<std::string_view, const VerifiedObject*> objects_;  // by name
    ExtractedNames names_;
    std::string object_name_;                 // whose records are being read
    const VerifiedObject* object_ = nullptr;  // nullptr: it is not there
    ExtractionFacts facts_;
};

}  // namespace

void require_extraction_target(const fs::path& folder) { require_empty_target(folder); }

ExtractionFacts extract_package(const File& package, const VerificationReport& report,
                                const fs::path& folder, ExtractionChoice choice,
                                const Context& context) {
    if (report.verdict() == Verdict::total_failed && choice == ExtractionChoice::what_passed) {
        throw Error(ErrorKind::refused,
                    "nothing is extracted from a package that failed: " + package.name(),
                    "--intact-only extracts what is intact");
    }
    return Extraction(package, report, folder, context).run();
}

}  // namespace evidence
