// A disclosure held against the package it was cut from, when that one is at hand too: the files
// both have, every record that is given, and the bytes of every object.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/line_reader.h"
#include "digest/merkle_tree.h"
#include "package/origin_view.h"
#include "package/record.h"
#include "package/record_scan.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

// Where bytes stand in a file.
struct Place {
    const File& file;
    std::uint64_t offset = 0, size = 0;
};

bool are_equal(const Place& a, const Place& b, const Context& context) {
    const auto buffer_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(a.size, mib));
    Bytes left(buffer_bytes), right(buffer_bytes);
    for (std::uint64_t done = 0; done < a.size;) {
        context.check_interrupted();
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(a.size - done, left.size()));
        const MutableByteView of_a(left.data(), count), of_b(right.data(), count);
        if (a.file.read_at(of_a, a.offset + done) != count ||
            b.file.read_at(of_b, b.offset + done) != count ||
            !std::equal(of_a.begin(), of_a.end(), of_b.begin())) {
            return false;
        }
        done += count;
    }
    return true;
}

class OriginalCheck {
public:
    OriginalCheck(PackageCheck& check, const OriginPackage& original)
        : check_(check), original_(original) {}

    void run() {
        const std::string& cut_from = check_.disclosure->origin.package_id;
        if (original_.document().id != cut_from) {
            return differs(fmt::format("it is package {}, the disclosure was cut from {}",
                                       original_.document().id, cut_from),
                           "disclosure.json");
        }
        compare_files();
        compare_records();
        if (check_.findings().has_failure()) return;
        check_.findings().add("disclosure.original-agrees", Layer::content, Weight::info,
                              fmt::format("{} records and the bytes of {} objects are those of {}",
                                          records_, objects_, original_.file().name()),
                              "disclosure.json");
    }

private:
    void differs(std::string message, std::string where) const {
        check_.fail("disclosure.original-differs", Layer::content, std::move(message),
                    std::move(where));
    }

    // A blind disclosure makes the proofs and the ledger extracts itself.
    bool is_copied(std::string_view name) const {
        return check_.disclosure->kind == DisclosureKind::named ||
               !(name.ends_with("/proofs.jsonl") || name.ends_with("/custody/ledger.jsonl"));
    }

    void compare_files() const {
        constexpr std::string_view folder = "origin/";
        for (const ZipEntry& given : check_.structure.entries) {
            if (!given.name.starts_with(folder) || !is_copied(given.name)) continue;
            const ZipEntry* of = original_.find(given.name.substr(folder.size()));
            if (!of || of->size != given.size ||
                !are_equal({check_.file, given.data_offset(), given.size},
                           {original_.file(), of->data_offset(), of->size}, check_.context)) {
                differs("not the file that the original has", given.name);
            }
        }
    }

    // Both lists stand in one order; several records may be made of the same one.
    void compare_records() {
        const ZipEntry& entry = *check_.structure.find("items.jsonl");
        LineReader given = LineReader::of_file(check_.file, entry.data_offset(), entry.size,
                                               entry.name, json_max_line_bytes);
        std::optional<std::string_view> wanted = given.next();
        original_.visit_lines("items.jsonl", json_max_line_bytes,
                              [&](std::string_view text, std::uint64_t) {
                                  check_.context.check_interrupted();
                                  while (wanted && is_made_from(*wanted, text)) {
                                      ++records_;
                                      compare_object(*wanted, text);
                                      wanted = given.next();
                                  }
                              });
        if (!wanted) return;
        differs(fmt::format("record {} is none of the original's, or out of order",
                            given.line_number()),
                entry.name);
    }

    static bool is_made_from(std::string_view given, std::string_view of) {
        const auto a = scan_record_line(given), b = scan_record_line(of);
        if (!a || !b) return false;
        if (differ_in_salt_alone(a->record_bytes, b->record_bytes)) return true;
        const bool is_part = a->kind == "region" || a->kind == "redaction";
        return is_part && is_made_of(a->record_bytes, merkle_leaf(as_bytes(b->record_bytes)));
    }

    // Once for each object, by its first record.
    void compare_object(std::string_view given_text, std::string_view of_text) {
        std::string bytes;
        const RecordLine given =
            parse_record_line(given_text, "items.jsonl", bytes, PackageKind::disclosure);
        if (given.object.empty() || given.object == object_) return;
        object_ = given.object;
        const RecordLine of =
            parse_record_line(of_text, "items.jsonl", bytes, original_.document().kind);
        const bool is_copy = given.record.at("kind").string() == "redaction" &&
                             of.record.at("kind").string() != "redaction";
        if (is_copy) return;
        const ZipEntry* copy = check_.structure.find(given.object);
        const ZipEntry* source = original_.find(of.object);
        std::uint64_t start = of.offset_bytes.value_or(0);
        // Of a region that the original has as one already, all is given.
        const bool is_cut = given.record.at("kind").string() == "region" &&
                            of.record.at("kind").string() != "region";
        if (is_cut) start += given.record.at("offset_bytes").size();
        const std::uint64_t size = given.record.at("size_bytes").size();
        ++objects_;
        if (!copy || !source || copy->size != size || start > source->size ||
            size > source->size - start ||
            !are_equal({check_.file, copy->data_offset(), size},
                       {original_.file(), source->data_offset() + start, size}, check_.context)) {
            differs("not the bytes that the original has", given.object);
        }
    }

    PackageCheck& check_;
    const OriginPackage& original_;
    std::string object_;
    std::uint64_t records_ = 0, objects_ = 0;
};

}  // namespace

void check_original(PackageCheck& check) {
    if (!check.options.original || !check.disclosure) return;
    if (!check.structure.find("items.jsonl")) return;
    try {
        OriginalCheck(check, *check.options.original).run();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::refused) throw;
        check.fail("disclosure.original-differs", Layer::content, error.message(), "items.jsonl");
    }
}

}  // namespace evidence
