// SPDX-License-Identifier: AGPL-3.0-or-later
//
// LMDB behind types. Nothing outside this folder sees lmdb.h.
//
// All tables live in LMDB's one unnamed database, with keys `table NUL key`. Named databases would be the
// other way; one tree was chosen because
//   * a batch that touches several tables rewrites one path to the root, not one for each table,
//   * a table needs no opening, so a follower can apply a write set that names a table it has never seen,
//   * the bytes in use are one call away (mdb_stat), which is what the quota is checked against.
// The price: table and key together have 510 octets.
//
// At each commit LMDB does: the data pages, fdatasync, and the meta page through a descriptor opened with
// O_DSYNC. A commit whose meta page was not written never happened. With relax_meta_sync(), for a replicated
// store, the meta page is left to the next commit's fdatasync: a power cut may take the last commit back,
// never more, and never tears the tree. No other sync flag is ever set.
// Environment and transactions must not cross a fork().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/fd.h"
#include "common/base/result.h"

struct MDB_env;
struct MDB_txn;

namespace store {

// LMDB's own bound for a key is 511 octets.
constexpr size_t kTableNameMax = 32;
bool key_fits(std::string_view table, std::string_view key);

// What the file holds and what its file system still has.
struct Space {
    uint64_t used;  // pages of the tree, times the page size
    uint64_t file;  // used plus pages that were freed and will be written again
    uint64_t disk_free;
    uint64_t disk_size = 0;  // what of it is not kept for root
};

// A transaction of either kind; it ends (aborts) when it goes. It must not outlive its Env.
class LmdbTxn {
 public:
    explicit LmdbTxn(MDB_txn* txn) : txn_(txn) {}

    std::optional<std::string> get(std::string_view table, std::string_view key) const;
    // `each` may write through the same transaction: the cursor finds its place again after each call.
    void scan(std::string_view table, std::string_view prefix, std::string_view from,
              const std::function<bool(std::string_view key, std::string_view value)>& each) const;

    // LMDB's return code; 0 is success. For write transactions.
    int put(std::string_view table, std::string_view key, std::string_view value);
    // False: there was no such row.
    base::Result<bool, int> erase(std::string_view table, std::string_view key);

    // Consumes the transaction whatever it returns. LMDB's code or errno.
    int commit();

 private:
    struct Abort {
        void operator()(MDB_txn* txn) const;
    };
    std::unique_ptr<MDB_txn, Abort> txn_;
    uint64_t writes_ = 0;  // lets a scan notice that the tree moved under it
};

class LmdbEnv {
 public:
    // Makes the directory (0700) when it is not there. Who opens it sees to it that no other process does
    // (store_directory.h).
    static base::Result<std::unique_ptr<LmdbEnv>> open(const std::filesystem::path& directory,
                                                       uint64_t map_bytes);
    ~LmdbEnv();
    LmdbEnv(const LmdbEnv&) = delete;
    LmdbEnv& operator=(const LmdbEnv&) = delete;

    // One at a time, on one thread. The error is LMDB's code.
    base::Result<LmdbTxn, int> begin_write();
    base::Result<LmdbTxn, int> begin_read() const;
    // True after a meta page could not be written: LMDB refuses everything until the process is started
    // again.
    bool is_broken() const;
    base::Result<Space> measure() const;

    // Sees to it that the file has blocks of the disk behind its end, which nobody else can take: new pages
    // go there, so a transaction of at most kKeptRoom can be committed on a full disk. Where the disk has no
    // room for them now, or the file system cannot do it, it is left as it is. open() does it first; then on
    // the writing thread, after each commit.
    void keep_room();

    // On the writing thread, between transactions. `is_relaxed` only after a commit of this life that was
    // synced whole: the one before it may be known to the page cache alone.
    void relax_meta_sync(bool is_relaxed);
    // All that is committed is on the disk.
    base::Result<void> sync();

    // For environment_copy.h.
    MDB_env* raw() const { return env_.get(); }

 private:
    LmdbEnv(base::Fd directory, MDB_env* env);
    struct Close {
        void operator()(MDB_env* env) const;
    };
    base::Fd directory_;
    std::unique_ptr<MDB_env, Close> env_;
    uint64_t kept_until_ = 0;  // octets of the file
};
constexpr uint64_t kKeptRoom = uint64_t{2} << 20;

// Pages that cannot be read must never look like rows that are not there: the process ends, with a sentence.
constexpr int kExitUnreadable = 74;
[[noreturn]] void stop_unreadable(int code);

// "no space left" in any of its forms, else the operating system's refusal.
base::Error lmdb_error(std::string_view what, int code);

}  // namespace store
