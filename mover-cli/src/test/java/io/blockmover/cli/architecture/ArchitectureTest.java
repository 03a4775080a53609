package io.blockmover.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules, as docs/architecture.md draws them. What Maven forbids already stands
 * here too, so that moving a class or adding a dependency is a decision and no accident.
 */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.blockmover");

  @Test
  void arrowsPointDownwardsOnly() {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.blockmover..")
            .withOptionalLayers(true)
            .layer("api")
            .definedBy("io.blockmover.api..")
            .layer("repository")
            .definedBy("io.blockmover.repository..")
            .layer("engine")
            .definedBy("io.blockmover.engine..")
            .layer("fullscan")
            .definedBy("io.blockmover.fullscan..")
            .layer("s3")
            .definedBy("io.blockmover.store.s3..")
            .layer("kubernetes")
            .definedBy("io.blockmover.kubernetes..")
            .layer("cbt-k8s")
            .definedBy("io.blockmover.cbt.k8s..")
            .layer("ceph-rbd")
            .definedBy("io.blockmover.ceph.rbd..")
            .layer("velero")
            .definedBy("io.blockmover.velero..")
            .layer("testkit")
            .definedBy("io.blockmover.testkit..")
            .layer("cli")
            .definedBy("io.blockmover.cli..");
    ArchRule rule =
        layers
            .whereLayer("api")
            .mayNotAccessAnyLayer()
            .whereLayer("repository")
            .mayOnlyAccessLayers("api")
            .whereLayer("engine")
            .mayOnlyAccessLayers("api", "repository")
            .whereLayer("fullscan")
            .mayOnlyAccessLayers("api")
            .whereLayer("s3")
            .mayOnlyAccessLayers("api")
            .whereLayer("kubernetes")
            .mayOnlyAccessLayers("api")
            .whereLayer("cbt-k8s")
            .mayOnlyAccessLayers("api", "kubernetes")
            .whereLayer("ceph-rbd")
            .mayOnlyAccessLayers("api", "kubernetes")
            .whereLayer("velero")
            .mayOnlyAccessLayers("api", "kubernetes", "repository", "engine")
            .whereLayer("testkit")
            .mayOnlyAccessLayers("api")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();
    rule.check(CLASSES);
  }

  @Test
  void everyModuleIsOnThisClassPath() {
    for (String root :
        Set.of(
            "api",
            "repository",
            "engine",
            "fullscan",
            "kubernetes",
            "cbt.k8s",
            "ceph.rbd",
            "store.s3",
            "testkit",
            "cli")) {
      assertThat(CLASSES.stream())
          .as(root)
          .anyMatch(found -> found.getPackageName().startsWith("io.blockmover." + root));
    }
  }

  @Test
  void noModuleOrPackageIsPartOfACycle() {
    slices().matching("io.blockmover.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theSpiNeedsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("io.blockmover.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.blockmover.api..", "java..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void onlyTheS3StoreKnowsACloud() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.blockmover.store.s3..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon..", "com.amazonaws..")
        .check(CLASSES);
  }

  @Test
  void onlyTheKubernetesTrackerSpeaksGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.blockmover.cbt.k8s..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void onlyTheOwnersOfImagesTouchTheCephLibraries() {
    noClasses()
        .that()
        .resideInAPackage("io.blockmover.ceph.rbd..")
        .and()
        .resideOutsideOfPackage("io.blockmover.ceph.rbd.librbd..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.foreign\\.(Linker|FunctionDescriptor).*")
        .check(CLASSES);
  }

  @Test
  void theRepositoryKnowsNoDeviceAndNoCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("io.blockmover.repository..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "java.net.http..", "org.junit..", "org.assertj..")
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Manager|Impl|Helper|Helpers)")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass found : CLASSES) {
      boolean marked = found.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
      boolean generated = found.getPackageName().endsWith(".proto");
      if (!marked && !generated) {
        unmarked.add(found.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }
}
