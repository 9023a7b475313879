#include "verification/extraction_record.h"

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = 256 * kib;

}  // namespace

ExtractionRecord::ExtractionRecord(File file) : file_(std::move(file)) { write("{\"entries\":["); }

void ExtractionRecord::add(const Json& entry) {
    if (!is_first_) write(",");
    is_first_ = false;
    append_canonical(buffer_, entry);
    if (buffer_.size() >= buffer_bytes) flush();
}

void ExtractionRecord::finish(const Json& after) {
    // The members without the brace that opens them.
    write("]," + canonical(after).substr(1) + "\n");
    flush();
    file_.sync();
    file_.close();
}

void ExtractionRecord::write(std::string_view text) { buffer_ += text; }

void ExtractionRecord::flush() {
    file_.write(as_bytes(buffer_));
    buffer_.clear();
}

}  // namespace evidence
