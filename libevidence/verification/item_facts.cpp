#include "verification/item_facts.h"

#include "base/hex.h"
#include "base/printable.h"
#include "base/utf8.h"

namespace evidence {
namespace {

std::string text_at(const Json* object, std::string_view key) {
    const Json* member = object ? object->find(key) : nullptr;
    return member && member->is_string() ? kept_text(member->string()) : std::string();
}

std::uint64_t count_at(const Json* object, std::string_view key) {
    const Json* member = object ? object->find(key) : nullptr;
    return member && member->is_integer() && member->integer() > 0 ? member->size() : 0;
}

std::string joined(const std::string& first, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first + " " + second;
}

std::string source_of(const AcquisitionRecord& record) {
    if (record.source_member.is_string()) return kept_text(record.source_member.string());
    if (!record.source_bytes_member.is_string()) return "";
    const std::optional<Bytes> name = from_hex(record.source_bytes_member.string());
    return name ? kept_text({reinterpret_cast<const char*>(name->data()), name->size()}) : "";
}

Json json_text(const std::string& text) {
    return is_valid_utf8(text) ? Json(text) : Json(printable(text));
}

}  // namespace

std::string kept_text(std::string_view text) {
    if (text.size() <= report_text_max_bytes) return std::string(text);
    std::size_t end = report_text_max_bytes;
    while (end > report_text_max_bytes - 4 &&
           (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return std::string(text.substr(0, end)) + "..";
}

VerifiedItem facts_of(const AcquisitionRecord& record) {
    const Json& document = record.document;
    VerifiedItem item;
    item.item = record.item;
    item.method = name_of(record.kind);
    item.description = text_at(&document, "description");
    item.source = source_of(record);
    const Json* source = document.find("source");
    item.device = joined(text_at(source, "model"), text_at(source, "serial"));
    item.write_blocker = text_at(&document, "write_blocker");
    const Json* person = document.find("operator");
    item.operator_name = text_at(person, "name");
    item.operator_organization = text_at(person, "organization");
    item.place = text_at(&document, "place");
    item.authority = text_at(&document, "authority");
    const Json* tool = document.find("tool");
    item.tool = joined(text_at(tool, "name"), text_at(tool, "version"));
    item.started_at = parse_utc(text_at(&document, "started_at"));
    item.completed_at = parse_utc(text_at(&document, "completed_at"));
    item.size_bytes = record.size_bytes;
    item.digests = record.digests;
    if (record.map) {
        item.unread_bytes = record.map->bad_bytes;
        item.unread_ranges = record.map->ranges;
    }
    const Json* account = document.find("account");
    item.seen = count_at(account, "seen");
    item.excluded = count_at(account, "excluded");
    item.failed = count_at(account, "failed");
    item.changed = count_at(account, "changed");
    item.zero_bytes = count_at(document.find("zero"), "bytes");
    const Json* resumed = document.find("resumed");
    item.breaks = resumed && resumed->is_array() ? resumed->items().size() : 0;
    return item;
}

Json to_json(const VerifiedItem& item) {
    Json json = Json::object({{"changed", item.changed},
                              {"digests", to_json(item.digests)},
                              {"excluded", item.excluded},
                              {"failed", item.failed},
                              {"item", item.item},
                              {"method", item.method},
                              {"seen", item.seen},
                              {"size_bytes", item.size_bytes},
                              {"source", json_text(item.source)},
                              {"unread_bytes", item.unread_bytes},
                              {"unread_ranges", item.unread_ranges}});
    if (item.completed_at) json.set("completed_at", format_utc(*item.completed_at));
    return json;
}

void ItemList::add(const AcquisitionRecord& record) {
    ++count_;
    if (kept_.size() < max_kept) kept_.push_back(facts_of(record));
}

}  // namespace evidence
