// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Entries of the log as libraft keeps them, and what its own functions for them don't offer to us.
//
// libraft wants buffers of whole 64-bit words, so an entry is: length u32 | octets | zeros up to a multiple
// of eight. All of this on the raft thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/replica/arrivals.h"

struct raft_append_entries;
struct raft_buffer;
struct raft_log;

namespace replica {

// raft_strerror(), with the words that it lacks.
const char* raft_words(int status);

// Made with raft_malloc(). base is null when there is no memory.
raft_buffer wrap_entry(base::ByteView entry);
base::Result<base::ByteView> unwrap_entry(const raft_buffer& buffer);

raft_buffer wrap_manifest(const Manifest& manifest);
base::Result<Manifest> unwrap_manifest(const raft_buffer& buffer);

// 0: the log has no such entry (any more).
uint64_t term_at(const raft_log& log, uint64_t index);
uint64_t last_index(const raft_log& log);
struct LogSize {
    uint64_t entries = 0;
    uint64_t octets = 0;
};
// Of what it holds after `index`.
LogSize size_after(const raft_log& log, uint64_t index);
// How many of the entries up to and with `index` have no more than `octets` together, counted backwards.
uint64_t entries_within(const raft_log& log, uint64_t index, uint64_t octets);

// How many of the first entries have no more than `octets` together; the first always fits.
unsigned fitting(const raft_append_entries& message, uint64_t octets);
// The message as if the leader had had no more than `count` entries. Its idea of what is committed is cut as
// well: libraft takes that for its own whole log, of which the rest may be another leader's.
void limit_to(raft_append_entries& message, unsigned count);
// limit_to() for a message that was received: frees what libraft will not see any more.
void cut_received(raft_append_entries& message, unsigned count);

}  // namespace replica
