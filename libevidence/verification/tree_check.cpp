#include "verification/tree_check.h"

#include "acquisition/tar_entries.h"
#include "base/error.h"

namespace evidence {
namespace {

// Equal but for the salt, which a tar cannot know, and the mark of a file that changed.
bool describes(const Json& record, const Json& from_tar) {
    auto expected = from_tar.members().begin();
    const auto end = from_tar.members().end();
    for (const auto& [key, value] : record.members()) {
        if (key == "salt" || key == "changed") continue;
        if (expected == end || expected->first != key || !(expected->second == value)) return false;
        ++expected;
    }
    return expected == end;
}

std::string name_of_entry(const Json& record) {
    if (const Json* name = record.find("name"); name && name->is_string()) return name->string();
    if (const Json* bytes = record.find("name_bytes"); bytes && bytes->is_string()) {
        return "hex " + bytes->string();
    }
    return "an entry";
}

}  // namespace

void TreeCheck::run(const BroadcastPull& pull) {
    try {
        read_tar_entries(pull, item_, object_, [this](const TarEntry& entry) {
            compare(entry.record, entry.offset_bytes);
        });
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::io) throw;
        mismatch("content.tar-malformed", error.message(), object_);
    }
    while (const RecordLine* line = records_.peek()) {
        mismatch("content.index-mismatch",
                 "a record of something the tar does not hold: " + name_of_entry(line->record),
                 records_.where());
        records_.take();
    }
}

void TreeCheck::compare(const Json& record, std::optional<std::uint64_t> offset_bytes) {
    ++entries_;
    if (!records_.peek()) {
        mismatch("content.index-mismatch",
                 "the tar holds an entry without a record: " + name_of_entry(record), object_);
        return;
    }
    const RecordLine line = records_.take();
    if (describes(line.record, record) && line.offset_bytes == offset_bytes) return;
    mismatch("content.index-mismatch",
             "the record is not what the tar says: " + name_of_entry(line.record),
             records_.where());
}

void TreeCheck::mismatch(std::string code, std::string message, std::string where) {
    findings_.add(std::move(code), Layer::content, Weight::failed, std::move(message),
                  std::move(where));
}

}  // namespace evidence
