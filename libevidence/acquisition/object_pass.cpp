#include "acquisition/object_pass.h"

#include "base/error.h"

namespace evidence {

ObjectPass::ObjectPass(Parts parts, const Context& context)
    : parts_(std::move(parts)),
      context_(context),
      reader_(parts_.source, parts_.request.errors, context) {
    if (const ResumableObject* before = parts_.resumable) {
        reader_.start_at(before->kept_bytes(), before->bad_ranges());
    }
}

std::uint64_t ObjectPass::run() try {
    return broadcast([this](MutableByteView buffer) { return read(buffer); },
                     parts_.recorder.consumers(), {}, parts_.recorder.batch_consumers());
} catch (...) {
    salvage();
    throw;
}

std::size_t ObjectPass::read(MutableByteView buffer) {
    if (parts_.resumable) {
        remember();
        context_.check_interrupted();
        const std::size_t kept = parts_.resumable->read_kept(buffer);
        context_.progress.advance(kept);
        if (kept > 0) return kept;
    }
    parts_.room.look(reader_.position());
    const std::size_t count = reader_.read(buffer);
    check_not_longer(parts_.request.expected, reader_.position(), parts_.source);
    return count;
}

void ObjectPass::remember() {
    parts_.resumable->save(parts_.recorder.durable_bytes(), reader_.bad_ranges());
}

void ObjectPass::remember_end() {
    if (parts_.resumable) remember();
}

// Whatever ended the reading, what was written can be gone on with.
void ObjectPass::salvage() {
    if (!parts_.resumable) return;
    try {
        parts_.recorder.salvage();
        remember();
    } catch (...) {
        // The disk takes no more, not even this, or there is no memory: the state that was saved
        // last stands, and the failure that ended the pass is the one to be told.
    }
}

}  // namespace evidence
