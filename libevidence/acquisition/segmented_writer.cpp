#include "acquisition/segmented_writer.h"

#include <algorithm>

#include "base/broadcast.h"
#include "base/error.h"
#include "base/folder.h"

namespace evidence {

SegmentedWriter::SegmentedWriter(Plan plan) : plan_(std::move(plan)) {
    const ObjectLayout& layout = plan_.layout;
    const std::uint64_t keep = plan_.keep_bytes;
    if (keep == 0) {
        open(0, 0);
        return;
    }
    const std::size_t last = layout.segments_of(keep) - 1;
    for (std::size_t i = last + 1; i < max_segments && layout.segment_bytes; ++i) {
        remove_if_there(plan_.folder / layout.file_name(i));
    }
    open(last, keep - layout.segment_start(last));
    durable_bytes_ = keep;
}

void SegmentedWriter::open(std::size_t number, std::uint64_t keep_bytes) {
    if (number >= max_segments) {
        throw Error(ErrorKind::io,
                    "too many segments: " + plan_.folder.native() + " (expected at most " +
                        std::to_string(max_segments) + ")",
                    "give --split a larger size");
    }
    const ObjectLayout& layout = plan_.layout;
    const fs::path path = plan_.folder / layout.file_name(number);
    std::optional<std::uint64_t> preallocate = plan_.preallocate_bytes;
    if (preallocate) {
        const std::uint64_t start = layout.segment_start(number);
        preallocate =
            *preallocate > start ? layout.segment_size(number, *preallocate) : std::uint64_t{0};
    }
    writer_.reset();
    number_ = number;
    if (keep_bytes > 0) {
        writer_.emplace(ObjectWriter::reopen(path, keep_bytes, preallocate));
    } else {
        writer_.emplace(path, preallocate);
    }
    if (plan_.checkpoint_bytes) writer_->sync_after(*plan_.checkpoint_bytes);
    sync_folder(plan_.folder);  // what vouches for the file may stand in another folder
}

void SegmentedWriter::write(std::span<const ByteView> buffers, std::uint64_t offset) {
    while (!buffers.empty() && offset + buffers.front().size() <= plan_.keep_bytes) {
        offset += buffers.front().size();
        buffers = buffers.subspan(1);
    }
    const ObjectLayout& layout = plan_.layout;
    while (!buffers.empty()) {
        const std::size_t number = layout.segment_at(offset);
        if (number != number_) {
            writer_->finish(*layout.segment_bytes);
            writer_.reset();
            durable_bytes_ = layout.segment_start(number);
            open(number, 0);
        }
        std::size_t count = 0;
        std::uint64_t end = offset;
        while (count < buffers.size() && layout.segment_at(end) == number) {
            end += buffers[count++].size();
        }
        writer_->write(buffers.first(count), offset - layout.segment_start(number));
        note_durable();
        buffers = buffers.subspan(count);
        offset = end;
    }
}

void SegmentedWriter::note_durable() {
    const std::uint64_t durable = writer_->durable_bytes();
    if (durable > 0) durable_bytes_ = plan_.layout.segment_start(number_) + durable;
}

void SegmentedWriter::salvage() {
    if (!writer_) return;  // the next file could not be made; the one before is durable
    const std::uint64_t whole =
        writer_->written_bytes() / broadcast_slot_bytes * broadcast_slot_bytes;
    // Never less than what an earlier acquisition has left.
    const std::uint64_t keep =
        std::max({writer_->durable_bytes(), writer_->kept_bytes(),
                  whole - std::min<std::uint64_t>(whole, broadcast_slot_bytes)});
    writer_->cut(keep);
    note_durable();
}

void SegmentedWriter::finish(std::uint64_t size_bytes) {
    writer_->finish(size_bytes - plan_.layout.segment_start(number_));
    note_durable();
}

}  // namespace evidence
