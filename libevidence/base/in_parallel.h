// Runs one piece of work on all cores: a stretch of the numbers 0 .. count-1 each.
//
// Thread rule: may be called from any thread; `work` runs on several at once.
#pragma once

#include <cstddef>
#include <functional>

namespace evidence {

// Below `worthwhile` numbers for each core everything is done on the calling thread. Returns when
// all is done; what `work` throws passes through, the first of it.
void in_parallel(std::size_t count, std::size_t worthwhile,
                 const std::function<void(std::size_t first, std::size_t end)>& work);

}  // namespace evidence
