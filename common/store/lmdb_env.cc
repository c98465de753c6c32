// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/lmdb_env.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace store {
namespace {

constexpr MDB_dbi kFreeList = 0;  // LMDB's own handles: the pages that are free,
constexpr MDB_dbi kMain = 1;      // and the unnamed database
constexpr size_t kKeyMax = 511;
// 126 reader slots of 64 octets behind a header of 128: LMDB's default, which is plenty for one process.
constexpr off_t kLockFileBytes = 8192;

std::string row_key(std::string_view table, std::string_view key) {
    std::string whole;
    whole.reserve(table.size() + 1 + key.size());
    whole.append(table).push_back('\0');
    whole.append(key);
    return whole;
}

MDB_val as_val(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }
std::string_view as_view(const MDB_val& val) { return {static_cast<const char*>(val.mv_data), val.mv_size}; }

struct CloseCursor {
    void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

// LMDB touches the lock file through a map, and a hole in it on a full disk would be a SIGBUS. So its blocks
// are allocated before LMDB opens it.
base::Result<void> allocate_lock_file(int directory) {
    const base::Fd file{openat(directory, "lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!file) return base::io_error("open lock.mdb", errno);
    if (const int code = posix_fallocate(file.get(), 0, kLockFileBytes); code != 0)
        return lmdb_error("allocate lock.mdb", code);
    return {};
}

base::Result<base::Fd> open_directory(const std::filesystem::path& directory) {
    if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return base::io_error("make " + directory.string(), errno);
    base::Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) return base::io_error("open " + directory.string(), errno);
    return fd;
}

uint64_t tree_pages(const MDB_stat& stat) {
    return stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
}

}  // namespace

bool key_fits(std::string_view table, std::string_view key) {
    return !table.empty() && table.size() <= kTableNameMax && table.size() + 1 + key.size() <= kKeyMax;
}

base::Error lmdb_error(std::string_view what, int code) {
    const bool no_room = code == ENOSPC || code == EDQUOT || code == MDB_MAP_FULL;
    const auto kind = no_room ? base::ErrorKind::kLimit : base::ErrorKind::kIo;
    return {kind, std::string(what) + ": " + mdb_strerror(code)};
}

void stop_unreadable(int code) {
    std::fprintf(stderr, "the store cannot be read (%s); restore the state directory, then start again\n",
                 mdb_strerror(code));
    std::_Exit(kExitUnreadable);
}

void LmdbTxn::Abort::operator()(MDB_txn* txn) const { mdb_txn_abort(txn); }
void LmdbEnv::Close::operator()(MDB_env* env) const { mdb_env_close(env); }

std::optional<std::string> LmdbTxn::get(std::string_view table, std::string_view key) const {
    if (!key_fits(table, key)) return std::nullopt;
    const std::string whole = row_key(table, key);
    MDB_val name = as_val(whole);
    MDB_val value;
    const int code = mdb_get(txn_.get(), kMain, &name, &value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) stop_unreadable(code);
    return std::string(as_view(value));
}

void LmdbTxn::scan(std::string_view table, std::string_view prefix, std::string_view from,
                   const std::function<bool(std::string_view, std::string_view)>& each) const {
    const std::string common = row_key(table, prefix);
    std::string place = from > prefix ? row_key(table, from) : common;
    if (place.size() > kKeyMax) return;
    MDB_cursor* raw = nullptr;
    if (const int code = mdb_cursor_open(txn_.get(), kMain, &raw); code != 0) stop_unreadable(code);
    const std::unique_ptr<MDB_cursor, CloseCursor> cursor{raw};
    MDB_val name = as_val(place);
    MDB_val value;
    int code = mdb_cursor_get(raw, &name, &value, MDB_SET_RANGE);
    while (code == 0 && as_view(name).starts_with(common)) {
        place = as_view(name);  // copies: `each` may move the pages by writing
        const std::string copy{as_view(value)};
        const uint64_t writes_before = writes_;
        if (!each(std::string_view(place).substr(table.size() + 1), copy)) return;
        if (writes_ == writes_before) {
            code = mdb_cursor_get(raw, &name, &value, MDB_NEXT);
            continue;
        }
        name = as_val(place);
        code = mdb_cursor_get(raw, &name, &value, MDB_SET_RANGE);
        if (code == 0 && as_view(name) == place) code = mdb_cursor_get(raw, &name, &value, MDB_NEXT);
    }
    if (code != 0 && code != MDB_NOTFOUND) stop_unreadable(code);
}

int LmdbTxn::put(std::string_view table, std::string_view key, std::string_view value) {
    const std::string whole = row_key(table, key);
    MDB_val name = as_val(whole);
    MDB_val data = as_val(value);
    ++writes_;
    return mdb_put(txn_.get(), kMain, &name, &data, 0);
}

base::Result<bool, int> LmdbTxn::erase(std::string_view table, std::string_view key) {
    const std::string whole = row_key(table, key);
    MDB_val name = as_val(whole);
    ++writes_;
    const int code = mdb_del(txn_.get(), kMain, &name, nullptr);
    if (code != 0 && code != MDB_NOTFOUND) return code;
    return code == 0;
}

int LmdbTxn::commit() { return mdb_txn_commit(txn_.release()); }

LmdbEnv::LmdbEnv(base::Fd directory, MDB_env* env) : directory_(std::move(directory)), env_(env) {}
LmdbEnv::~LmdbEnv() = default;

base::Result<std::unique_ptr<LmdbEnv>> LmdbEnv::open(const std::filesystem::path& directory,
                                                     uint64_t map_bytes) {
    auto opened = open_directory(directory);
    if (!opened) return opened.error();
    if (auto allocated = allocate_lock_file(opened->get()); !allocated)
        return allocated.error().within(directory.string());
    MDB_env* raw = nullptr;
    if (const int code = mdb_env_create(&raw); code != 0) return lmdb_error("create environment", code);
    std::unique_ptr<LmdbEnv> env{new LmdbEnv(std::move(*opened), raw)};
    int code = mdb_env_set_mapsize(raw, map_bytes);
    // MDB_NOTLS: a read transaction belongs to its object, not to its thread. MDB_NORDAHEAD is not set: the
    // tree is small enough to be read ahead.
    if (code == 0) code = mdb_env_open(raw, directory.c_str(), MDB_NOTLS, 0600);
    if (code != 0) return lmdb_error("open " + directory.string() + "/data.mdb", code);
    // Once in the life of an environment: it sets the order of the keys.
    MDB_txn* txn = nullptr;
    MDB_dbi main_tree = 0;
    code = mdb_txn_begin(raw, nullptr, MDB_RDONLY, &txn);
    if (code == 0) code = mdb_dbi_open(txn, nullptr, 0, &main_tree);
    if (code == 0) code = mdb_txn_commit(std::exchange(txn, nullptr));
    if (txn != nullptr) mdb_txn_abort(txn);
    assert(code != 0 || main_tree == kMain);
    if (code != 0) return lmdb_error("open the tables", code);
    env->keep_room();
    return env;
}

base::Result<LmdbTxn, int> LmdbEnv::begin_write() {
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(env_.get(), nullptr, 0, &txn); code != 0) return code;
    return LmdbTxn(txn);
}

base::Result<LmdbTxn, int> LmdbEnv::begin_read() const {
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &txn); code != 0) return code;
    return LmdbTxn(txn);
}

bool LmdbEnv::is_broken() const {
    const auto probe = begin_read();
    return !probe && probe.error() == MDB_PANIC;
}

void LmdbEnv::relax_meta_sync(bool is_relaxed) {
    [[maybe_unused]] const int code = mdb_env_set_flags(env_.get(), MDB_NOMETASYNC, is_relaxed ? 1 : 0);
    assert(code == 0);
}

base::Result<void> LmdbEnv::sync() {
    if (const int code = mdb_env_sync(env_.get(), 1); code != 0) return lmdb_error("sync", code);
    return {};
}

void LmdbEnv::keep_room() {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_filehandle_t file = -1;
    mdb_env_info(env_.get(), &info);
    mdb_env_stat(env_.get(), &stat);
    const uint64_t end = (info.me_last_pgno + 1) * uint64_t{stat.ms_psize};
    if (end + kKeptRoom / 2 <= kept_until_ || mdb_env_get_fd(env_.get(), &file) != 0) return;
    const auto from = static_cast<off_t>(end);
    if (fallocate(file, FALLOC_FL_KEEP_SIZE, from, static_cast<off_t>(kKeptRoom)) == 0)
        kept_until_ = end + kKeptRoom;
    else if (errno == EOPNOTSUPP)
        kept_until_ = UINT64_MAX / 2;  // not asked for again
}

base::Result<Space> LmdbEnv::measure() const {
    MDB_txn* raw = nullptr;
    if (const int code = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &raw); code != 0)
        return lmdb_error("measure the store", code);
    const LmdbTxn txn{raw};
    MDB_stat main_tree{};
    MDB_stat free_list{};
    MDB_envinfo info{};
    mdb_stat(raw, kMain, &main_tree);
    mdb_stat(raw, kFreeList, &free_list);
    mdb_env_info(env_.get(), &info);
    struct statvfs disk {};
    if (fstatvfs(directory_.get(), &disk) != 0) return base::io_error("measure the disk", errno);
    const uint64_t page = main_tree.ms_psize;
    return Space{(tree_pages(main_tree) + tree_pages(free_list) + 2) * page, (info.me_last_pgno + 1) * page,
                 uint64_t{disk.f_bavail} * disk.f_frsize,
                 uint64_t{disk.f_blocks - disk.f_bfree + disk.f_bavail} * disk.f_frsize};
}

}  // namespace store
