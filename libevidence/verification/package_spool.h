// A package from a pipe. What ties a package together stands at its end (signatures, directory),
// and verification goes back to its beginning with what it learned there; so the stream is laid on
// the disk first, in a file without a name. Memory does not grow with it.
//
// Thread rule: a plain function.
#pragma once

#include <string>

#include "base/context.h"
#include "base/file.h"

namespace evidence {

// The whole of what `fd` has to say, as a file that can be read at positions and vanishes with its
// descriptor; a regular file that stands at its beginning is taken as it is. The descriptor stays
// open. Error(malformed) as soon as the stream does not begin like a package, Error(io) when the
// scratch folder has no room (with the hint to use TMPDIR), Error(interrupted).
File spool_package(int fd, const std::string& name, const Context& context);

}  // namespace evidence
