// The one pass of an image, file or stream: every byte is read once, from the source or, where an
// earlier acquisition ended, first from what it left, and goes to all that is done with it. Private
// to acquire.
//
// Thread rule: belongs to one thread.
#pragma once

#include "acquisition/acquire.h"
#include "acquisition/free_space.h"
#include "acquisition/resumable_object.h"
#include "acquisition/source.h"

namespace evidence {

class ObjectPass {
public:
    struct Parts {
        const AcquireRequest& request;
        const Source& source;
        Recorder& recorder;
        ResumableObject* resumable;  // nullptr: it cannot be gone on with
        FreeSpaceWatch& room;
    };
    ObjectPass(Parts parts, const Context& context);

    // Returns how many bytes there were. When it throws, what can be gone on with was made durable
    // and remembered: Error(io), Error(interrupted) and what the parts throw.
    std::uint64_t run();
    // After run(): remembers that everything is durable.
    void remember_end();

    // After run(). False when the times of the source changed meanwhile; Error(io) for worse.
    bool check_unchanged() const { return reader_.check_unchanged(); }
    const BadRanges& bad_ranges() const { return reader_.bad_ranges(); }

private:
    std::size_t read(MutableByteView buffer);
    void remember();
    void salvage();

    Parts parts_;
    const Context& context_;
    SourceReader reader_;
};

}  // namespace evidence
