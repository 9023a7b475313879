#include "verification/segment_check.h"

#include "base/error.h"
#include "verification/ewf_content.h"

namespace evidence {
namespace {

bool is_later_segment(const Json& record) { return record.at("kind").string() == "segment"; }

}  // namespace

void SegmentCheck::out_of_order(const std::string& message, const std::string& where) {
    check_.fail("records.segment-order", Layer::structure, message, where);
}

void SegmentCheck::begin_object(const ZipEntry& entry, const Json* record) {
    if (!record || !is_later_segment(*record)) {
        finish_item();
        if (record && record->find("media")) begin_item(entry, *record);
        return;
    }
    const std::uint64_t number = record->at("segment").size();
    if (record->at("item").string() != item_ || number != last_ + 1 ||
        record->at("segments").size() != segments_) {
        out_of_order("a segment that does not follow the one before it", entry.name);
        return;
    }
    last_ = number;
    bytes_ += entry.size;
    if (!ewf_segments_.empty()) {
        ewf_segments_.push_back({&check_.file, entry.data_offset(), entry.size});
    }
}

void SegmentCheck::begin_item(const ZipEntry& entry, const Json& record) {
    item_ = record.at("item").string();
    last_ = 1;
    segments_ = record.at("segments").size();
    bytes_ = entry.size;
    const Json& media = record.at("media");
    expected_bytes_ = media.at("size_bytes").size();
    expected_digests_ = digest_set_from_json(media.at("digests"), "items.jsonl");
    if (record.at("kind").string() == "e01") {
        ewf_segments_ = {{&check_.file, entry.data_offset(), entry.size}};
        acquisition_name_ = "acquisition/" + entry.name.substr(std::string_view("data/").size(), 6);
        return;
    }
    std::vector<Algorithm> algorithms;
    for (const auto& [algorithm, value] : expected_digests_) algorithms.push_back(algorithm);
    medium_.emplace(algorithms);
}

void SegmentCheck::check_ewf_content() {
    try {
        const std::string difference = ewf_difference(
            std::move(ewf_segments_), {expected_bytes_, expected_digests_}, check_.context);
        if (difference.empty()) return;
        check_.fail("content.medium-mismatch", Layer::content, difference, item_);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::io) throw;
        const bool is_known = is_known_damage(
            error, check_.structure.find(acquisition_name_ + ".map") != nullptr, was_taken_in());
        check_.findings().add(is_known ? "content.medium-not-checked" : "content.medium-mismatch",
                              Layer::content, is_known ? Weight::indeterminate : Weight::failed,
                              error.message(), item_);
    }
}

// As the acquisition record says, which is held against its event elsewhere.
bool SegmentCheck::was_taken_in() const {
    const auto text = check_.text_of(acquisition_name_ + ".json");
    if (!text) return false;
    try {
        return parse_canonical_document(*text, acquisition_name_).find("taken_in") != nullptr;
    } catch (const Error&) {
        return false;  // which is found and told where acquisitions are checked
    }
}

void SegmentCheck::finish_item() {
    if (item_.empty()) return;
    if (last_ != segments_) {
        out_of_order(
            "ends with segment " + std::to_string(last_) + " of " + std::to_string(segments_),
            item_);
    } else if (!ewf_segments_.empty()) {
        check_ewf_content();
    } else if (medium_ && (bytes_ != expected_bytes_ || medium_->finish() != expected_digests_)) {
        check_.fail("content.medium-mismatch", Layer::content,
                    "the segments together are not the medium that the first record describes",
                    item_);
    }
    item_.clear();
    medium_.reset();
    ewf_segments_.clear();
    last_ = segments_ = 0;
}

}  // namespace evidence
