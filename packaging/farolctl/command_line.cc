// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "common/frame/version.h"
#include "packaging/farolctl/commands.h"
#include "packaging/farolctl/demo_site.h"

namespace ctl {

namespace {

constexpr const char* kDemoRoot = "build/demo";

// What the command line said; lives as long as the CLI::App that fills it.
struct Words {
    std::string root;
    bool json = false;
    Up up;
    CertAuthority authority;
    CertIssue issue;
    std::string tls;
    std::vector<std::string> files;
    std::vector<std::string> daemons;
    AlertCells shown;
    PeerTrace peer;
    LogLevel log;
    DemoAlert alert;
    ClusterVerb cluster;
    std::function<Answer()> command;

    Format format() const { return json ? Format::kJson : Format::kText; }
    // The demo's place, for commands that are about the demo.
    Place demo() const { return Place::below(absolute(root.empty() ? kDemoRoot : root)); }
    // The system's, unless another one is named or only the demo is here.
    Place place() const {
        if (!root.empty()) return Place::below(absolute(root));
        if (Place::system().configured().empty() && !demo().configured().empty()) return demo();
        return Place::system();
    }
    std::string tls_folder() const { return tls.empty() ? place().tls() : tls; }

    static std::string absolute(const std::string& path) {
        return std::filesystem::absolute(path).lexically_normal();
    }
};

// A verb that calls `command` when the command line is right.
CLI::App* verb(CLI::App& noun, const std::string& name, const std::string& help, Words& words,
               std::function<Answer()> command) {
    CLI::App* out = noun.add_subcommand(name, help);
    out->callback([&words, command = std::move(command)] { words.command = command; });
    return out;
}

CLI::App* noun(CLI::App& app, const std::string& name, const std::string& help) {
    CLI::App* out = app.add_subcommand(name, help);
    out->require_subcommand(1);
    return out;
}

void add_running(CLI::App& app, Words& words) {
    verb(app, "status", "one screen, one verdict: OK, DEGRADED or DOWN, with reasons", words,
         [&] { return status(words.place()); });
    CLI::App* up_verb = verb(app, "up", "run the five daemons as a demo site in the foreground", words, [&] {
        words.up.format = words.format();
        if (words.up.templates.empty()) words.up.templates = default_templates();
        return up(words.demo(), words.up);
    });
    up_verb->add_option("--only", words.up.only, "these daemons")->delimiter(',')->type_name("DAEMON,…");
    up_verb->add_option("--templates", words.up.templates, "folder of the demo's configurations")
        ->type_name("DIR");
    verb(app, "down", "stop what `up` started", words, [&] { return down(words.demo()); });
    CLI::App* config = noun(app, "config", "configuration");
    CLI::App* check = verb(*config, "check", "what each daemon says to its configuration", words,
                           [&] { return config_check(words.place(), words.daemons); });
    check->add_option("daemon", words.daemons, "cbc, cbe, ocsd, provd or crmd; all if none is named");
    CLI::App* log = noun(app, "log", "logs");
    CLI::App* level = verb(*log, "level", "show or set what is logged", words,
                           [&] { return log_level(words.place(), words.log); });
    level->add_option("daemon", words.log.daemon)->required();
    level->add_option("level", words.log.level)
        ->check(CLI::IsMember({"error", "warning", "notice", "info", "debug"}));
    level->add_option("--category", words.log.category, "this category only");
    level->add_option("--for", words.log.for_s, "seconds, then the configured levels stand again")
        ->check(CLI::Range(0, 604'800));
}

void add_cluster(CLI::App& app, Words& words) {
    CLI::App* cluster = noun(app, "cluster", "machines that share one daemon's state");
    verb(*cluster, "status", "who leads, who follows and how far", words, [&] {
        return cluster_status(words.place(), words.cluster.daemon);
    })->add_option("daemon", words.cluster.daemon, "cbe, ocsd, provd or crmd; all if none is named");
    const auto change = [&](const std::string& name, const std::string& help) {
        CLI::App* one = verb(*cluster, name, help, words, [&words, name] {
            words.cluster.verb = name;
            return cluster_change(words.place(), words.cluster);
        });
        one->add_option("daemon", words.cluster.daemon)->required();
        return one;
    };
    change("init", "this machine's state becomes that of a new cluster");
    CLI::App* join =
        change("join", "this machine joins the cluster of another one, whose state it takes over");
    join->add_option("address", words.cluster.address, "of any member: HOST or HOST:PORT")->required();
    join->add_flag("--replace", words.cluster.replace,
                   "although this machine has a state of its own, which is lost");
    change("leave", "a machine is no longer part of the cluster")
        ->add_option("node", words.cluster.node, "another one, which may be dead; this one if none is named");
    change("fence", "another machine, dead or cut off, is taken out: nothing is taken from it any more")
        ->add_option("node", words.cluster.node)
        ->required();
    change("switchover", "another machine takes the writes")
        ->add_option("node", words.cluster.node, "the one that is most up to date if none is named");
}

void add_certificates(CLI::App& app, Words& words) {
    CLI::App* cert = noun(app, "cert", "certificates of this site's own authority");
    const auto with_folder = [&](CLI::App* one) {
        one->add_option("--dir", words.tls, "folder of ca.pem and ca.key")->type_name("DIR");
        return one;
    };
    CLI::App* ca = with_folder(verb(*cert, "ca", "make the authority", words, [&] {
        words.authority.directory = words.tls_folder();
        return cert_ca(words.authority);
    }));
    ca->add_option("--name", words.authority.name)->default_val("Farol authority");
    CLI::App* issue = with_folder(verb(*cert, "issue", "a certificate for a daemon or a client", words, [&] {
        words.issue.directory = words.tls_folder();
        return cert_issue(words.issue);
    }));
    issue->add_option("--role", words.issue.role, "cbe cbc ocs crm prov monitor admin")->required();
    issue->add_option("--node", words.issue.node, "name of the machine, [a-z0-9-]{1,32}")->required();
    issue->add_option("--site", words.issue.site, "name of the site, [a-z0-9-]{1,32}")->required();
    issue->add_option("--dns", words.issue.dns_names, "names under which it is reached");
    issue->add_option("--ip", words.issue.addresses, "addresses under which it is reached");
    issue->add_option("--days", words.issue.days)->capture_default_str();
    CLI::App* renew = with_folder(verb(*cert, "renew", "new keys and certificates with the same names", words,
                                       [&] { return cert_renew(words.tls_folder(), words.files); }));
    renew->add_option("file", words.files)->required();
    CLI::App* show =
        verb(*cert, "show", "what certificates say", words, [&] { return cert_show(words.files); });
    show->add_option("file", words.files)->required();
}

void add_alerts(CLI::App& app, Words& words) {
    CLI::App* alert = noun(app, "alert", "alerts at the broadcast centre; there is no verb that sends one");
    verb(*alert, "list", "all that it holds", words, [&] { return alert_list(words.place()); });
    CLI::App* show = verb(*alert, "show", "one, with every peer and its first 1,000 cells", words,
                          [&] { return alert_show(words.place(), words.shown.alert); });
    show->add_option("id", words.shown.alert)->required();
    CLI::App* cells = verb(*alert, "cells", "all cells of one", words,
                           [&] { return alert_cells(words.place(), words.shown); });
    cells->add_option("id", words.shown.alert)->required();
    cells->add_option("--peer", words.shown.peer, "as this peer was asked and answered, message by message");
}

void add_peers(CLI::App& app, Words& words) {
    CLI::App* peer = noun(app, "peer", "the network elements of the broadcast centre");
    verb(*peer, "list", "all, with their links", words, [&] { return peer_list(words.place()); });
    const auto named = [&](const char* name, const char* help, std::function<Answer()> command) {
        CLI::App* one = verb(*peer, name, help, words, std::move(command));
        one->add_option("name", words.peer.peer)->required();
        return one;
    };
    named("show", "all that is known of one", [&] { return peer_show(words.place(), words.peer.peer); });
    named("test", "ask it something that broadcasts nothing",
          [&] { return peer_test(words.place(), words.peer.peer); });
    CLI::App* trace = named("trace", "record what goes to and comes from it, for Wireshark",
                            [&] { return peer_trace(words.place(), words.peer); });
    trace->add_option("--for", words.peer.seconds, "seconds")
        ->check(CLI::Range(1, 300))
        ->capture_default_str();
    trace->add_option("--out", words.peer.file, "file; otherwise <name>.pcapng here")->type_name("FILE");
    CLI::App* site = noun(app, "site", "the operator's cells at the broadcast centre");
    verb(*site, "status", "which file, how old, how many cells", words,
         [&] { return site_status(words.place()); });
    verb(*site, "reload", "read the configuration and the file again; a broken one changes nothing", words,
         [&] { return site_reload(words.place()); });
}

void add_demo(CLI::App& app, Words& words) {
    CLI::App* demo = noun(app, "demo", "the demo site");
    verb(*demo, "seed", "make the demo's officers and show how they sign in", words,
         [&] { return demo_seed(words.demo()); });
    CLI::App* walk = verb(*demo, "alert", "both demo officers, one after the other: write, submit, approve",
                          words, [&] { return demo_alert(words.demo(), words.alert); });
    walk->add_option("text", words.alert.text)->required();
    walk->add_option("--language", words.alert.language)->capture_default_str();
    walk->add_option("--channel", words.alert.channel)->capture_default_str();
    walk->add_option("--wait", words.alert.wait_s, "seconds until it is on air")
        ->check(CLI::Range(0, 600))
        ->capture_default_str();
}

}  // namespace

int run(int argc, char** argv) {
    Words words;
    CLI::App app("Operates the Farol daemons of this machine.", "farolctl");
    app.set_version_flag("--version", frame::version_line("farolctl"));
    app.add_option("--root", words.root, "a site below this folder (made by `up`) instead of the system's")
        ->type_name("DIR");
    app.add_flag("--json", words.json, "for programs");
    app.require_subcommand(1);
    app.fallthrough();
    add_running(app, words);
    add_cluster(app, words);
    add_certificates(app, words);
    add_alerts(app, words);
    add_peers(app, words);
    add_demo(app, words);
    app.footer(
        "Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused by a rule, 5 partly, 6 time-out, 7 not "
        "leader.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
    }
    return print(words.command(), words.format());
}

}  // namespace ctl
