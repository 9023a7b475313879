// Captures a folder as one pax tar with an index of its entries: walked in byte order of names,
// every file read once, nothing followed, nothing left out silently (evidence-acquire(1)).
#pragma once

#include "acquisition/free_space.h"
#include "acquisition/omissions.h"
#include "acquisition/recorder.h"
#include "acquisition/source.h"
#include "base/context.h"
#include "digest/tree_selection.h"

namespace evidence {

enum class FileSystems { only_that_of_the_source, all };

struct TreeRequest {
    fs::path folder;  // receives index.jsonl, omitted.jsonl
    std::string item_id;
    FileSystems file_systems = FileSystems::only_that_of_the_source;
    TreeSelection selection;
};

struct TreeCapture {
    ObjectFacts object;
    TreeAccount account;
    std::string index_sha256;
    std::vector<std::string> warnings;
};

// `room` is looked at while the tar grows. The tar goes to the recorder, which is finished when it
// returns; everything in the folder is durable then. Error(io) when the source folder itself cannot
// be listed or the destination not be written.
TreeCapture capture_tree(const Source& source, const TreeRequest& request, Recorder& recorder,
                         FreeSpaceWatch& room, const Context& context);

}  // namespace evidence
