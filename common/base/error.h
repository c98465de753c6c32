// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An error: a kind that a program can test and a sentence that a person can use.
//
// The sentence says what, where and what to do. Each layer adds its context once, with within(); the error is
// logged once, where it is finally handled.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace base {

enum class ErrorKind {
    kInvalid,      // the input is wrong; the same input will be wrong again
    kNotFound,     // what was named does not exist
    kConflict,     // it exists already, or changed meanwhile
    kRefused,      // a rule or a permission forbids it
    kLimit,        // a bound was reached: size, quota, queue
    kUnavailable,  // not now; trying again may help
    kTimeout,      // no answer in time; what happened is unknown
    kIo,           // the operating system refused
    kCorrupt,      // stored or received bytes are not what they must be
};

std::string_view to_string(ErrorKind kind);

struct Error {
    ErrorKind kind;
    std::string text;

    // "open warning store: map full (1 GiB)": the context comes first.
    Error within(std::string_view context) const { return {kind, std::string(context) + ": " + text}; }
};

inline Error invalid(std::string text) { return {ErrorKind::kInvalid, std::move(text)}; }
inline Error not_found(std::string text) { return {ErrorKind::kNotFound, std::move(text)}; }
inline Error conflict(std::string text) { return {ErrorKind::kConflict, std::move(text)}; }
inline Error refused(std::string text) { return {ErrorKind::kRefused, std::move(text)}; }

// kIo with errno's own words: "open /etc/farol/cbc.yaml: No such file or directory".
Error io_error(std::string_view what, int error_number);

}  // namespace base
