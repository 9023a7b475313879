// Files hashed by several threads, results in the order the files were given.
//
//     add .. add .. -> [ window of batches ] -> workers, one file each -> sink, in order
//
// Memory is the window, whatever the number of files: a sink that is slow, or one huge file at the
// front, stops the adding until it is done. A file that cannot be read is a result like any other.
//
// Thread rule: one thread adds and finishes; the sink is called on it, from within those calls.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/context.h"
#include "digest/file_hasher.h"
#include "digest/tree_selection.h"

namespace evidence {

enum class FileOutcome {
    hashed,
    unreadable,       // error_number says why
    folder,           // a folder where a file was expected
    special,          // a FIFO, socket or character device where a file was expected
    skipped_symlink,  // found in a tree, not followed
    skipped_special,  // found in a tree, not opened
    note,             // nothing to read: the caller's remark in its place
};

// Views are valid during the sink's call only.
struct HashedFile {
    std::string_view name;
    std::string_view remark;  // as given with the file
    FileOutcome outcome;
    int error_number;
    const FileDigests& digests;  // of the algorithms asked for; only when hashed
};

// "cannot read: a/b (Permission denied)": why a file was not hashed, with its name as it is.
std::string describe_problem(const HashedFile& file);

class HashQueue {
public:
    using Sink = std::function<void(const HashedFile& file)>;

    // `threads` >= 1. With one, big files are digested in place too.
    HashQueue(const Context& context, unsigned threads, Sink sink);
    ~HashQueue();  // abandons what is not finished
    HashQueue(const HashQueue&) = delete;
    HashQueue& operator=(const HashQueue&) = delete;

    // A path as the user gave it: links are followed; regular files and block devices are read.
    // `remark` comes back with the result.
    void add_path(std::string_view path, AlgorithmSet algorithms, std::string_view remark = {});
    // The bytes of an open descriptor (standard input), which must stay open until the result.
    void add_stream(int fd, std::string_view name, AlgorithmSet algorithms,
                    std::string_view remark = {});
    // Everything below the folder `path`, in the order of base/sorted_walk.h, named `path`/...
    // Links and special files come out as such; so do folders that cannot be read. With a selection
    // only what it collects; the rest is passed over in silence.
    void add_tree(std::string_view path, AlgorithmSet algorithms,
                  const TreeSelection* selection = nullptr);

    // Comes back in its place among the results.
    void add_note(std::string_view name, std::string_view remark);

    // Waits for everything added and hands it out. Error(interrupted) as soon as the user stops.
    void finish();

private:
    class Implementation;
    class Tree;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace evidence
