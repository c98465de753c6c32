// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/config.h"

#include <charconv>
#include <fstream>
#include <iterator>

#include "common/auth/user.h"

using namespace std::chrono_literals;

namespace cbe {
namespace {

std::optional<uint16_t> number16(const std::string& word) {
    uint16_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return {};
    return value;
}

Channel read_channel(config::Section in) {
    Channel channel;
    in.require("key");
    in.require("identifiers");
    in.name("key", channel.key);
    in.value("name", channel.name);
    std::vector<std::string> identifiers;
    in.value("identifiers", identifiers);
    for (const std::string& word : identifiers) {
        if (const auto number = number16(word))
            channel.identifiers.emplace_back(*number);
        else
            in.problem("identifiers", "\"" + word + "\" is not a number from 0 to 65535");
    }
    if (channel.identifiers.empty()) in.problem("identifiers", "needs at least one message identifier");
    size_t kind = 0;
    in.choice("kind", kind, {"live", "test", "exercise", "operator"});
    channel.kind = static_cast<ChannelKind>(kind);
    auto opt_out = static_cast<size_t>(OptOut::kYes);
    in.choice("opt_out", opt_out, {"no", "yes", "off_by_default"});
    channel.opt_out = static_cast<OptOut>(opt_out);
    const DurationLimits limits = duration_limits(channel.kind);
    std::chrono::milliseconds duration = limits.most;
    in.duration("duration", duration, limits.least, limits.most);
    channel.default_duration = std::chrono::duration_cast<std::chrono::seconds>(duration);
    std::chrono::milliseconds repetition = channel.repetition_period;
    in.duration("repetition", repetition, 2s, 4095s);
    channel.repetition_period = std::chrono::duration_cast<std::chrono::seconds>(repetition);
    return channel;
}

void read_authority(config::Section in, Config& out) {
    Authority& authority = out.authority;
    in.require("id");
    in.require("name");
    in.require("mode");
    in.name("id", authority.id);
    in.value("name", authority.name);
    auto mode = static_cast<size_t>(Mode::kTraining);
    in.choice("mode", mode, {"live", "training"});
    authority.mode = static_cast<Mode>(mode);
    in.value("help_phone", authority.help_phone);
    in.value("channels", out.channels_allowed);
}

void read_cells(config::Section in, Config& out) {
    std::string path;
    in.path("cells", path);
    if (path.empty()) return;
    std::ifstream file(path);
    if (!file) return in.problem("cells", "cannot read " + path);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    auto table = CellTable::parse(text);
    if (!table) return in.problem("cells", path + ": " + table.error().text);
    out.cells = *std::move(table);
}

void read_code(config::Section in, std::string_view key, MessageCode& out) {
    int64_t number = out;
    in.value(key, number, 0, cbs::kMaxMessageCode);
    out = static_cast<MessageCode>(number);
}

void read_codes(config::Section in, CodeRange& out) {
    read_code(in, "first", out.first);
    read_code(in, "last", out.last);
    read_code(in, "reserve_first", out.reserve_first);
    read_code(in, "reserve_last", out.reserve_last);
    if (out.first > out.last) in.problem("last", "must not be below `first`");
    if (out.reserve_first < out.first || out.reserve_last > out.last || out.reserve_first > out.reserve_last)
        in.problem("reserve_first", "the reserve must lie inside the range");
}

void read_cbcs(config::Section in, Config& out) {
    for (config::Section cbc : in.list("cbcs")) {
        CbcAddress address;
        cbc.require("name");
        cbc.require("url");
        cbc.name("name", address.name);
        cbc.value("url", address.url);
        if (!address.url.starts_with("https://")) cbc.problem("url", "must begin with https://");
        while (address.url.ends_with('/')) address.url.pop_back();
        out.cbcs.push_back(std::move(address));
    }
    config::Section client = in.section("client");
    client.path("certificate", out.client.certificate);
    client.path("key", out.client.key);
    std::vector<std::string> trusted;  // of the CBCs; what is asked of them is role cbc, always
    client.paths("trusted", trusted);
    out.client.trusted.assign(trusted.begin(), trusted.end());
    // C-17: a training authority has no way to any broadcast centre, not even an unused one.
    if (out.authority.mode == Mode::kTraining && (!out.cbcs.empty() || client.present()))
        in.problem("cbcs",
                   "a training authority must have neither cbcs nor a client certificate; remove both");
    if (out.authority.mode == Mode::kLive && out.cbcs.empty())
        in.problem("cbcs", "a live authority needs at least one");
    if (out.cbcs.empty()) return;
    client.require("certificate");
    client.require("key");
    client.require("trusted");
    if (out.client.certificate.empty() || out.client.key.empty() || out.client.trusted.empty()) return;
    if (const auto checked = tls::check(out.client); !checked)
        client.problem("certificate", checked.error().text);
}

void read_machines(config::Section in, Config& out) {
    config::Section listener = in.section("machines");
    if (!listener.present()) return;
    out.machines = frame::ApiSettings{.port = 8449};
    frame::read(listener, *out.machines);
    for (config::Section client : listener.list("clients")) {
        MachineSettings machine;
        client.require("certificate");
        client.value("certificate", machine.certificate);
        client.name("name", machine.name);
        const auto identity = tls::Identity::parse(machine.certificate);
        if (!identity)
            client.problem("certificate", identity.error().text);
        else if (identity->role != "crm")
            client.problem("certificate", "must be of role crm");
        out.machine_clients.push_back(std::move(machine));
    }
}

void read_mail(config::Section in, Config& out) {
    if (!in.present()) return;
    in.require("server");
    in.require("from");
    in.require("public_url");
    mail::Settings& settings = out.mail;
    in.value("server", settings.server);
    in.value("from", settings.from);
    in.value("user", settings.user);
    in.path("password_file", settings.password_file);
    in.path("authorities", settings.authorities);
    auto tls = static_cast<size_t>(settings.tls);
    in.choice("tls", tls, {"required", "none"});
    settings.tls = static_cast<mail::Settings::Tls>(tls);
    in.value("public_url", out.public_url);
    while (out.public_url.ends_with('/')) out.public_url.pop_back();
    if (!settings.server.starts_with("smtp://") && !settings.server.starts_with("smtps://"))
        in.problem("server", "must begin with smtp:// or smtps://");
    if (!out.public_url.starts_with("https://")) in.problem("public_url", "must begin with https://");
    if (!auth::is_email(settings.from)) in.problem("from", "is no e-mail address");
}

}  // namespace

ChannelTable read_channels(const std::string& file, config::Section place) {
    config::Document document = config::Document::load(file, "");
    std::vector<Channel> channels;
    for (config::Section channel : document.root().list("channels"))
        channels.push_back(read_channel(channel));
    for (const config::Problem& problem : document.finish()) place.problem("channels", problem.message());
    if (channels.empty()) place.problem("channels", file + " has no channels");
    return ChannelTable(std::move(channels));
}

void read(config::Section in, Config& out) {
    frame::read(in, out.frame);
    in.require("authority");
    read_authority(in.section("authority"), out);
    std::string channels = "/usr/share/farol/cbe/channels.yaml";
    in.path("channels", channels);
    out.channels = read_channels(channels, in);
    for (const std::string& key : out.channels_allowed)
        if (out.channels.find(key) == nullptr)
            in.section("authority").problem("channels", "there is no channel \"" + key + "\"");
    read_cells(in, out);
    in.path("web", out.web);
    read_codes(in.section("codes"), out.codes);
    config::Section sign_in = in.section("sign_in");
    sign_in.value("burst", out.sign_in.burst, 1, 10'000);
    sign_in.value("per_minute", out.sign_in.per_minute, 1, 10'000);
    std::chrono::milliseconds idle = out.people.session_idle;
    sign_in.duration("idle", idle, 5min, 60min);
    out.people.session_idle = std::chrono::duration_cast<std::chrono::seconds>(idle);
    read_mail(in.section("mail"), out);
    read_cbcs(in, out);
    in.path("seal_key", out.seal_key);
    read_machines(in, out);
    bool demo = false;
    in.value("demo", demo);
    out.demo = demo ? Config::Demo::kOn : Config::Demo::kOff;
}

}  // namespace cbe
