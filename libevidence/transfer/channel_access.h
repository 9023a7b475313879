// Who may read what lies in a channel: those who may read the channel itself.
//
// A channel is a folder that two custodians share. New files of this library are their owner's
// alone (mode 0600), which on a share would keep the recipient from what was sent to him. What is
// secret is encrypted; the folder's owner decided who comes near it.
#pragma once

#include "base/file.h"

namespace evidence {

// Gives a file in `folder` to those who may read the folder; never makes it writable for others.
void share_as_folder(const fs::path& file, const fs::path& folder);

// Gives a transfer folder in `channel` the channel's own permissions, so that the recipient's
// answer can be put into it, and its files as share_as_folder does.
void share_transfer_folder(const fs::path& folder, const fs::path& channel);

}  // namespace evidence
