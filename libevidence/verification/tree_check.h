// The entries of a captured tree, as its tar has them, against the records made of them.
// Private to the room.
#pragma once

#include <string>

#include "base/broadcast.h"
#include "base/finding.h"
#include "package/record.h"

namespace evidence {

// The records of one tree, one after another.
class EntryRecords {
public:
    virtual ~EntryRecords() = default;
    virtual const RecordLine* peek() = 0;  // nullptr after the last
    virtual RecordLine take() = 0;         // precondition: peek() is not null
    virtual std::string where() const = 0;
};

// Thread rule: runs on one thread; the rest is asked for afterwards.
class TreeCheck {
public:
    // `object` is quoted in findings.
    TreeCheck(std::string object, std::string item, EntryRecords& records)
        : object_(std::move(object)), item_(std::move(item)), records_(records) {}

    // Reads the tar to its end and takes every record: content.tar-malformed,
    // content.index-mismatch, each with the entry named.
    void run(const BroadcastPull& pull);

    std::uint64_t entries() const { return entries_; }
    const Findings& findings() const { return findings_; }

private:
    void compare(const Json& record, std::optional<std::uint64_t> offset_bytes);
    void mismatch(std::string code, std::string message, std::string where);

    std::string object_, item_;
    EntryRecords& records_;
    std::uint64_t entries_ = 0;
    Findings findings_;
};

}  // namespace evidence
