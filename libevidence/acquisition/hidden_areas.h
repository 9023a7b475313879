// Asks a disk for areas that reading it does not reach: HPA and DCO through ATA PASS-THROUGH
// (SAT-3, 12.2) by SG_IO, NVMe capacity through its admin commands. Nothing is changed: only
// IDENTIFY DEVICE, READ NATIVE MAX ADDRESS, GET NATIVE MAX ADDRESS, DEVICE CONFIGURATION IDENTIFY
// and the NVMe IDENTIFY are sent.
//
// Thread rule: plain functions.
#pragma once

#include "acquisition/block_device.h"
#include "acquisition/hidden_area_answers.h"

namespace evidence {

// `file` is the device, open for reading; a partition asks for its disk. Without an answer the
// result is unknown, with the reason.
HiddenAreaFacts find_hidden_areas(const File& file, const BlockDevice& device);

}  // namespace evidence
