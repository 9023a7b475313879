// The folder that evidence is extracted into: it grows under a hidden name beside its final one,
// nothing in it is ever replaced, and no name leads out of it.
//
// Names come from evidence and may be any bytes. Each part of a path is opened by itself, relative
// to the folder above it, and a link is never followed. A part that the file system does not take
// (too long, bytes it does not allow) gets another name, the same one every time: "renamed-" and
// the beginning of its SHA-256.
//
// Thread rule: belongs to one thread.
#pragma once

#include <optional>
#include <string>

#include "acquisition/entry_record.h"
#include "base/context.h"
#include "base/file.h"

namespace evidence {

// Where something was put, relative to the folder; or why it was not.
struct Placement {
    std::string path, refusal;
    bool is_there() const { return refusal.empty(); }
};

// The absolute path of a folder that is not there yet, or is empty. Error(exists), Error(not_found)
// as below.
fs::path require_empty_target(const fs::path& target);

class ExtractionFolder {
public:
    static constexpr std::size_t max_depth = 1024;

    // Error(exists) when `target` is there and not an empty folder, Error(not_found) when the
    // folder above it is not there.
    ExtractionFolder(const fs::path& target, RandomSource& random);
    ~ExtractionFolder();  // removes what was extracted unless committed
    ExtractionFolder(const ExtractionFolder&) = delete;
    ExtractionFolder& operator=(const ExtractionFolder&) = delete;

    // A new file of mode 0600, its parents made where missing. `file` is open when it was placed.
    Placement create_file(std::string_view path, File& file);
    // Also one that is there already, as a parent of something.
    Placement create_folder(std::string_view path);
    // A further name of a file that was created before, under `existing`.
    Placement link(std::string_view existing, std::string_view path);
    // Of something that was created.
    void remove(std::string_view path);
    // Rights (others never get to write) and time of a folder, once nothing more goes into it.
    void finish_folder(std::string_view path, unsigned mode, const std::optional<FileTime>& mtime);
    // The same of an open file.
    static void finish_file(const File& file, unsigned mode, const std::optional<FileTime>& mtime);

    // Makes everything durable and gives the folder its name. Error(exists) when it was taken
    // meanwhile.
    void commit();
    const fs::path& temporary_path() const { return temporary_; }

private:
    struct Parent {
        int fd = -1;            // borrowed
        std::string path;       // as placed, with a slash at its end unless empty
        std::string_view name;  // the last part
        std::string refusal;
    };
    Parent open_parent(std::string_view path, bool create);
    // Opens the folder `name` in `fd`, under its own or its other name; -1 with errno.
    static int open_part(int fd, std::string_view name, bool create, std::string& placed);

    fs::path target_, temporary_;
    File root_, last_parent_;
    std::string last_asked_, last_placed_;  // the parent that is open
    bool committed_ = false;
};

// Whether every part is a name: not empty, not "." or "..", without a zero byte.
bool is_safe_path(std::string_view path);

}  // namespace evidence
