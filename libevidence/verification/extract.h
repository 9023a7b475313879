// Taking the evidence out of a package that was verified: every object under its original name,
// captured trees as folders and files again, everything hashed once more while it is written.
//
//     DIR/extraction.json          what was done with every name
//     DIR/items/USB-01/usb.img     an object
//     DIR/items/MAIL-01/..         a tree: its files with their times, rights without those to
//                                  write for others, hard links
//
// Links that are text, devices, fifos and sockets are not made: they stand in extraction.json.
// What is written is what the signed records say, never what a tar inside the package says.
//
// Thread rule: belongs to one thread; works with threads of its own.
#pragma once

#include "base/context.h"
#include "base/file.h"
#include "verification/report.h"

namespace evidence {

enum class ExtractionChoice {
    what_passed,     // of a package whose verdict is not TOTAL-FAILED
    what_is_intact,  // also of others: objects that are as recorded, and such files of trees that
                     // are not
};

// Error(exists) when `folder` is there and not an empty folder, Error(not_found) when the folder
// above it is not there: what can be known before hours of verification.
void require_extraction_target(const fs::path& folder);

// Precondition: `report` is of these very bytes. Error(refused) when the verdict is TOTAL-FAILED
// and only what passed is wanted, Error(exists) when `folder` is there and not empty, Error(io)
// also when an intact object is not what it was when it was verified. A failure leaves nothing.
ExtractionFacts extract_package(const File& package, const VerificationReport& report,
                                const fs::path& folder, ExtractionChoice choice,
                                const Context& context);

}  // namespace evidence
