// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/mail/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>

#include "common/base/bytes.h"
#include "common/base/free_with.h"
#include "common/base/uuid.h"

namespace mail {
namespace {

constexpr size_t kWaiting = 256;
constexpr long kTimeoutMs = 30'000;
constexpr size_t kEncodedWord = 45;  // octets: 60 characters of base 64, within the 75 of RFC 2047 §2

std::string one_line(std::string text) {
    for (char& c : text)
        if (c == '\r' || c == '\n') c = ' ';
    return text;
}

std::string base64(std::string_view octets) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (size_t at = 0; at < octets.size(); at += 3) {
        uint32_t bits = 0;
        for (size_t i = 0; i < 3; ++i)
            bits = (bits << 8) | (at + i < octets.size() ? static_cast<uint8_t>(octets[at + i]) : 0U);
        for (size_t i = 0; i < 4; ++i)
            out += at + i <= octets.size() ? kDigits[(bits >> (18 - 6 * i)) & 63] : '=';
    }
    return out;
}

// Words end between characters.
std::string encoded(const std::string& text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; })) return text;
    std::string out;
    for (size_t at = 0; at < text.size();) {
        size_t end = std::min(at + kEncodedWord, text.size());
        while (end < text.size() && end > at + 1 && (static_cast<uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
        out += (out.empty() ? "" : "\r\n ") + std::string("=?UTF-8?B?") + base64(text.substr(at, end - at)) +
               "?=";
        at = end;
    }
    return out;
}

std::string now_as_rfc5322() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[64];
    const size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);
    return {text, length};
}

struct Upload {
    std::string octets;
    size_t at = 0;
};
size_t read_upload(char* out, size_t size, size_t count, void* upload) noexcept {
    auto& from = *static_cast<Upload*>(upload);
    const size_t length = std::min(size * count, from.octets.size() - from.at);
    std::memcpy(out, from.octets.data() + from.at, length);
    from.at += length;
    return length;
}

int watch_end(void* ending, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<std::atomic<bool>*>(ending)->load() ? 1 : 0;
}

std::string first_line(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

base::Result<void> outcome(CURL* easy, CURLcode code, const char* why) {
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer);
    const std::string text = std::string("mail server: ") + (*why != '\0' ? why : curl_easy_strerror(code));
    // 5yz: a permanent failure (RFC 5321 §4.2.1).
    const bool for_good = answer >= 500 && answer < 600;
    return base::Error{for_good ? base::ErrorKind::kRefused : base::ErrorKind::kUnavailable, text};
}

base::Result<void> deliver(const Settings& settings, const Letter& letter, std::atomic<bool>& ending) {
    using Easy = std::unique_ptr<CURL, base::FreeWith<curl_easy_cleanup>>;
    using List = std::unique_ptr<curl_slist, base::FreeWith<curl_slist_free_all>>;
    const Easy easy{curl_easy_init()};
    const List to{curl_slist_append(nullptr, ("<" + letter.to + ">").c_str())};
    if (!easy || !to) return base::Error{base::ErrorKind::kLimit, "there is no memory for a letter"};
    const std::string id = base::new_uuid(static_cast<uint64_t>(std::time(nullptr)) * 1000).text() + "@farol";
    Upload upload{message_of(letter, settings.from, now_as_rfc5322(), id)};
    const std::string from = "<" + settings.from + ">";
    const std::string password = settings.password_file.empty() ? "" : first_line(settings.password_file);
    char why[CURL_ERROR_SIZE] = "";
    CURL* curl = easy.get();
    curl_easy_setopt(curl, CURLOPT_URL, settings.server.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     settings.tls == Settings::Tls::kRequired ? CURLUSESSL_ALL : CURLUSESSL_NONE);
    if (!settings.authorities.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings.authorities.c_str());
    if (!settings.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_upload);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &ending);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    return outcome(curl, curl_easy_perform(curl), why);
}

}  // namespace

struct SmtpMailer::Ending {
    std::atomic<bool> now{false};
};

std::string message_of(const Letter& letter, const std::string& from, const std::string& date,
                       const std::string& id) {
    std::string out = "Date: " + date + "\r\nFrom: <" + one_line(from) + ">\r\nTo: <" + one_line(letter.to) +
                      ">\r\nSubject: " + encoded(one_line(letter.subject)) + "\r\nMessage-ID: <" + id +
                      ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    const std::string body = base64(letter.text);
    for (size_t at = 0; at < body.size(); at += 76) out += body.substr(at, 76) + "\r\n";
    return out;
}

SmtpMailer::SmtpMailer(loop::Loop& loop, Settings settings)
    : settings_(std::move(settings)), ending_(std::make_shared<Ending>()), thread_(loop, 1, kWaiting) {}

SmtpMailer::~SmtpMailer() { ending_->now = true; }

void SmtpMailer::send(const Letter& letter, std::function<void(base::Result<void>)> then) {
    auto shared =
        std::make_shared<std::function<void(base::Result<void>)>>(std::move(then));  // may be refused
    const bool taken = thread_.submit(
        [settings = settings_, letter, ending = ending_] { return deliver(settings, letter, ending->now); },
        [shared](const base::Result<void>& result) { (*shared)(result); });
    if (!taken) (*shared)(base::Error{base::ErrorKind::kUnavailable, "too many letters are waiting"});
}

}  // namespace mail
