import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.netflix.spinnaker.config.PluginsConfigurationProperties.PluginRepositoryProperties;
import com.netflix.spinnaker.kork.dynamicconfig.SpringDynamicConfigService;
import com.netflix.spinnaker.kork.plugins.SpringPluginStatusProvider;
import com.netflix.spinnaker.kork.plugins.config.RepositoryConfigCoordinates;
import com.netflix.spinnaker.kork.plugins.config.SpringEnvironmentConfigResolver;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Says what a Spinnaker service reads in a directory of profiles.
 *
 * <p>One request a line on standard input, one JSON answer a line on standard output. A request is
 * {@code DIRECTORY TAB APPLICATION TAB PROFILES}. The directory is loaded as Spinnaker's services load
 * theirs: by Spring Boot's own config data loading, {@code spring.config.name=spinnaker,APPLICATION}
 * (kork-boot's DefaultPropertiesBuilder), {@code spring.config.additional-location} and the active
 * profiles. Then kork-plugins' own classes are asked.
 */
public final class Oracle {
  private static final String PLUGIN = "Armory.AWSCATsOnEvent";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Oracle() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8.name());
    // Whatever a library prints must not stand among the answers.
    System.setOut(System.err);
    out.println(JSON.writeValueAsString(Map.of("boot", SpringBootVersion.getVersion())));
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] parts = line.split("\t", -1);
      out.println(JSON.writeValueAsString(answer(parts[0], parts[1], parts[2])));
    }
  }

  private static Map<String, Object> answer(String directory, String application, String profiles) {
    Map<String, Object> answer = new LinkedHashMap<>();
    ConfigurableApplicationContext context;
    try {
      context = load(directory, application, profiles);
    } catch (Throwable failure) {
      answer.put("fails", innermost(failure).getClass().getSimpleName());
      return answer;
    }
    try {
      ConfigurableEnvironment environment = context.getEnvironment();
      SpringDynamicConfigService flags = new SpringDynamicConfigService();
      flags.setEnvironment(environment);
      SpringPluginStatusProvider status =
          new SpringPluginStatusProvider(flags, "spinnaker.extensibility.plugins");
      try {
        answer.put("enabled", status.isPluginEnabled(PLUGIN));
        answer.put("version", status.pluginVersion(PLUGIN));
      } catch (Throwable failure) {
        // A placeholder without a value, or an enabled that is no boolean: the service does not start.
        answer.clear();
        answer.put("fails", innermost(failure).getClass().getSimpleName());
        return answer;
      }
      answer.put("repositories", repositories(environment));
      answer.put("properties", properties(environment, directory));
    } finally {
      context.close();
    }
    return answer;
  }

  private static ConfigurableApplicationContext load(String directory, String application, String profiles) {
    SpringApplication spring =
        new SpringApplication(Object.class) {
          @Override
          protected ConfigurableApplicationContext createApplicationContext() {
            return new GenericApplicationContext();
          }

          @Override
          protected void load(ApplicationContext context, Object[] sources) {
            // No beans: only the environment is asked.
          }
        };
    spring.setWebApplicationType(WebApplicationType.NONE);
    spring.setBannerMode(Banner.Mode.OFF);
    spring.setRegisterShutdownHook(false);
    spring.setLogStartupInfo(false);
    return spring.run(
        "--spring.config.name=spinnaker," + application,
        "--spring.application.name=" + application,
        "--spring.config.additional-location=file:" + directory + "/",
        "--spring.profiles.active=" + profiles);
  }

  /** What PluginsAutoConfiguration.pluginRepositoriesConfig resolves, each with its URL or why it has none. */
  private static Object repositories(ConfigurableEnvironment environment) {
    Map<String, Object> found = new TreeMap<>();
    try {
      Map<String, PluginRepositoryProperties> resolved =
          new SpringEnvironmentConfigResolver(environment)
              .resolve(
                  new RepositoryConfigCoordinates(),
                  new TypeReference<HashMap<String, PluginRepositoryProperties>>() {});
      for (Map.Entry<String, PluginRepositoryProperties> each : resolved.entrySet()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("enabled", each.getValue().isEnabled());
        try {
          one.put("url", String.valueOf(each.getValue().getUrl()));
        } catch (Throwable failure) {
          one.put("fails", innermost(failure).getClass().getSimpleName());
        }
        found.put(each.getKey(), one);
      }
      return found;
    } catch (Throwable failure) {
      return Map.of("fails", innermost(failure).getClass().getSimpleName());
    }
  }

  /** Every property that comes from a file of the directory, in the strength that Spring gives it. */
  private static Map<String, Object> properties(ConfigurableEnvironment environment, String directory) {
    Map<String, Object> found = new TreeMap<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (!(source instanceof EnumerablePropertySource) || !source.getName().contains(directory)) {
        continue;
      }
      EnumerablePropertySource<?> all = (EnumerablePropertySource<?>) source;
      for (String name : all.getPropertyNames()) {
        Object value = all.getProperty(name);
        String kind = value == null ? "null" : value.getClass().getSimpleName();
        found.putIfAbsent(name, kind + " " + value);
      }
    }
    return found;
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }
}
