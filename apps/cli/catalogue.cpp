#include "cli/catalogue.h"

#include <libintl.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "cli/environment.h"

namespace evidence::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* domain = "evidence";
constexpr int categories = LC_CTYPE_MASK | LC_MESSAGES_MASK;

fs::path catalogue_folder() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : program.parent_path().parent_path() / "share" / "locale";
}

bool is_english(const std::string& language) {
    return language.empty() || language == "C" || language == "POSIX" ||
           language.starts_with("C.") || language == "en" || language.starts_with("en_") ||
           language.starts_with("en.");
}

// What the environment asks for, in the order of gettext(3).
std::string language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (const std::string value = environment_variable(name); !value.empty()) {
            const std::string list = environment_variable("LANGUAGE");
            return list.empty() || value == "C" || value == "POSIX" ? value : list;
        }
    }
    return "";
}

bool is_language_name(const std::string& text) {
    return !text.empty() && text.size() <= 32 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               "_@") == std::string::npos;
}

std::string known_languages() {
    std::string names = "en";
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(catalogue_folder(), error)) {
        const std::string name = entry.path().filename().native();
        if (fs::exists(entry.path() / "LC_MESSAGES" / (std::string(domain) + ".mo"), error)) {
            names += ", " + name;
        }
    }
    return names;
}

// While it lives, the calling thread looks up texts in the reader's language.
class LanguageInUse {
public:
    explicit LanguageInUse(locale_t locale) : before_(::uselocale(locale)) {}
    ~LanguageInUse() { ::uselocale(before_); }
    LanguageInUse(const LanguageInUse&) = delete;
    LanguageInUse& operator=(const LanguageInUse&) = delete;

private:
    locale_t before_;
};

}  // namespace

Catalogue::Catalogue(const std::string& language) {
    const std::string wanted = language.empty() ? language_of_environment() : language;
    if (is_english(wanted.substr(0, wanted.find(':')))) return;
    const bool is_named = !language.empty();
    if (is_named && !is_language_name(language)) {
        throw Error(ErrorKind::usage,
                    "not a language: " + language + " (expected one of " + known_languages() + ")");
    }
    open(wanted);
    if (!is_named || language_ != "en") return;
    if (fs::exists(catalogue_folder() / language / "LC_MESSAGES" / (std::string(domain) + ".mo"))) {
        throw Error(ErrorKind::io,
                    "no locale of this system can carry the language: " + language +
                        " (expected any installed beside C and POSIX)",
                    "on Debian: dpkg-reconfigure locales");
    }
    throw Error(ErrorKind::usage,
                "no translation into the language: " + language + " (expected one of " +
                    known_languages() + ")",
                "translations are looked for in " + catalogue_folder().native() +
                    ", where cmake --install puts them");
}

Catalogue::~Catalogue() {
    if (locale_) ::freelocale(locale_);
}

// gettext wants a locale that exists before it looks at LANGUAGE. The reader's own may not have
// been generated on this machine; then any other will do, since only messages are looked up in it.
// Since glibc 2.39 C.UTF-8 is not good enough for that, before it is.
void Catalogue::open(const std::string& wanted) {
    ::setenv("LANGUAGE", wanted.c_str(), 1);
    ::bindtextdomain(domain, catalogue_folder().c_str());
    ::bind_textdomain_codeset(domain, "UTF-8");
    const std::string own = wanted.substr(0, wanted.find(':'));
    for (const std::string& name : {std::string(), own, own + ".UTF-8", std::string("C.UTF-8"),
                                    std::string("en_US.UTF-8"), std::string("vi_VN.UTF-8")}) {
        locale_ = ::newlocale(categories, name.c_str(), locale_t{});
        if (!locale_) continue;
        if (const std::string found = header_language(); !found.empty()) {
            language_ = found;
            return;
        }
        ::freelocale(locale_);
        locale_ = {};
    }
}

// As the catalogue in use says; empty when none is in use.
std::string Catalogue::header_language() const {
    const LanguageInUse in_use(locale_);
    const std::string header = ::dgettext(domain, "");
    constexpr std::string_view key = "Language: ";
    const std::size_t start = header.find(key);
    if (start == std::string::npos) return "";
    const std::size_t begin = start + key.size();
    return header.substr(begin, header.find('\n', begin) - begin);
}

std::string Catalogue::text(const char* english) const {
    if (!locale_ || *english == '\0') return english;
    const LanguageInUse in_use(locale_);
    return ::dgettext(domain, english);
}

std::string Catalogue::plural(const char* one, const char* many, std::uint64_t count) const {
    if (!locale_) return count == 1 ? one : many;
    const LanguageInUse in_use(locale_);
    return ::dngettext(domain, one, many, count);
}

}  // namespace evidence::cli
